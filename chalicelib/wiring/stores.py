"""The stores: everything that lies in the table, and the queue and bus beside it."""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.api_keys import DynamoApiKeys
from chalicelib.adapters.dynamo.catalogue import DynamoCatalogue
from chalicelib.adapters.dynamo.confirmations import DynamoConfirmations
from chalicelib.adapters.dynamo.gift_cards import DynamoGiftCards
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.merchants import DynamoMerchants
from chalicelib.adapters.dynamo.offers import DynamoOffers
from chalicelib.domain.members import OutgoingSms, Profile
from chalicelib.ports import (
    ChangeStream,
    Draws,
    DueWork,
    ImageMaker,
    Jobs,
    Members,
    PassDesigns,
    PassDevices,
    PassHolders,
    PassImages,
    PassStates,
    PhoneLinks,
    PrefixMonitor,
    PromoCodes,
    Repush,
    SignUps,
    SmsOutbox,
)
from chalicelib.settings import Settings
from chalicelib.usecases.draw_desk import DrawDesk
from chalicelib.usecases.funnel import FunnelDesk
from chalicelib.usecases.merchants import Office
from chalicelib.usecases.pass_designs import DesignDesk, tell_phones
from chalicelib.usecases.write_once import Book
from chalicelib.wiring.journals import Journals

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.members import ProfileItem
    from chalicelib.adapters.dynamo.sms_outbox import SmsItem


class Stores(Journals):
    """What a purchase needs is built at once; everything else on first use."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.ledger = DynamoLedger(
            self.connection,
            due_shards=settings.due_shards,
            seal=self._sealed,
            profile_seal=self._sealed_profile,
        )
        self.merchants = DynamoMerchants(self.connection)
        self.api_keys = DynamoApiKeys(today=lambda: self.clock.now().date())
        self.catalogue = DynamoCatalogue(self.connection, self.merchants)
        self.book = Book(
            merchants=self.merchants,
            ledger=self.ledger,
            gift_cards=DynamoGiftCards(),
            offers=DynamoOffers(self.connection),
            confirmations=DynamoConfirmations(self.connection, self._sealed),
            catalogue=self.catalogue,
            pacer=self.pacer,
        )

    @cached_property
    def office(self) -> Office:
        """What opens merchants and changes their programs."""
        return Office(
            merchants=self.merchants,
            api_keys=self.api_keys,
            catalogue=self.catalogue,
            keyring=self.keyring,
            tell_phones=partial(tell_phones, designs=self.pass_designs, repush=self.repush),
        )

    @cached_property
    def repush(self) -> Repush:
        """What tells phones that every pass of a merchant has changed: a job."""

        def begin(merchant_id: str) -> None:
            from chalicelib.usecases.repush import start_repush

            start_repush(
                merchant_id,
                at=self.clock.now(),
                jobs=self.jobs,
                queue=self.queue,
                keyring=self.keyring,
            )

        return begin

    @cached_property
    def vault(self) -> Any:
        """What seals personal data."""
        from chalicelib.adapters.vault import KmsVault, LocalVault

        if self.settings.kms_key_id:
            return KmsVault(self.client("kms"), self.settings.kms_key_id)
        return LocalVault(self.secrets)

    @cached_property
    def members(self) -> Members:
        """Profiles, and the ways to find a member."""
        from chalicelib.adapters.dynamo.members import DynamoMembers

        return DynamoMembers(
            self.connection, self.vault, self.ledger, due_shards=self.settings.due_shards
        )

    @cached_property
    def sign_ups(self) -> SignUps:
        """Phones being proven."""
        from chalicelib.adapters.dynamo.sign_ups import DynamoSignUps

        return DynamoSignUps(self.connection, self.vault, self.clock)

    @cached_property
    def phone_links(self) -> PhoneLinks:
        """Addresses sent to phones that nobody has confirmed yet."""
        from chalicelib.adapters.dynamo.phone_links import DynamoPhoneLinks

        return DynamoPhoneLinks(self.connection, self.vault, self.clock)

    @cached_property
    def prefixes(self) -> PrefixMonitor:
        """What became of the codes sent to each prefix."""
        from chalicelib.adapters.dynamo.prefixes import DynamoPrefixMonitor

        return DynamoPrefixMonitor()

    @cached_property
    def sms_outbox(self) -> SmsOutbox:
        """Messages that have not left."""
        from chalicelib.adapters.dynamo.sms_outbox import DynamoSmsOutbox

        return DynamoSmsOutbox(self.vault, self.clock)

    @cached_property
    def changes(self) -> ChangeStream:
        """Reads what the table's stream carries."""
        from chalicelib.adapters.dynamo.stream import DynamoChangeStream

        return DynamoChangeStream()

    @cached_property
    def due_work(self) -> DueWork:
        """What the scheduled jobs must look at."""
        from chalicelib.adapters.dynamo.due_work import DynamoDueWork

        return DynamoDueWork()

    @cached_property
    def draws(self) -> Draws:
        """Prize draws."""
        from chalicelib.adapters.dynamo.draws import DynamoDraws

        return DynamoDraws()

    @cached_property
    def draw_desk(self) -> DrawDesk:
        """What prize draws are announced, closed and drawn with."""
        return DrawDesk(
            draws=self.draws,
            journal=self.journal,
            day_book=self.day_book,
            attention=self.attention,
            devices=self.devices,
            book=self.book,
            keyring=self.keyring,
            shards=self.settings.due_shards,
        )

    @cached_property
    def jobs(self) -> Jobs:
        """Work that outlasts its request."""
        from chalicelib.adapters.dynamo.jobs import DynamoJobs

        return DynamoJobs()

    @cached_property
    def devices(self) -> PassDevices:
        """Which phones hold which pass."""
        from chalicelib.adapters.dynamo.devices import DynamoPassDevices

        return DynamoPassDevices(self.connection)

    @cached_property
    def pass_holders(self) -> PassHolders:
        """Which passes are in wallets."""
        from chalicelib.adapters.dynamo.holders import DynamoPassHolders

        return DynamoPassHolders()

    @cached_property
    def funnel_desk(self) -> FunnelDesk:
        """How many cards reach a wallet, by day."""
        from chalicelib.adapters.dynamo.funnel import DynamoFunnel

        return FunnelDesk(funnel=DynamoFunnel(), merchants=self.merchants)

    @cached_property
    def pass_states(self) -> PassStates:
        """How passes stand."""
        from chalicelib.adapters.dynamo.pass_states import DynamoPassStates

        return DynamoPassStates(self.connection)

    @cached_property
    def pass_designs(self) -> PassDesigns:
        """What passes look like."""
        from chalicelib.adapters.dynamo.pass_designs import DynamoPassDesigns

        return DynamoPassDesigns(self.connection, self.merchants.catch_up)

    @cached_property
    def pass_images(self) -> PassImages:
        """What passes are drawn with."""
        from chalicelib.adapters.dynamo.pass_images import DynamoPassImages

        return DynamoPassImages(self.connection)

    @cached_property
    def design_desk(self) -> DesignDesk:
        """What passes' looks are changed with."""
        return DesignDesk(
            designs=self.pass_designs,
            images=self.pass_images,
            merchants=self.merchants,
            repush=self.repush,
        )

    @cached_property
    def image_maker(self) -> ImageMaker:
        """Makes images of uploads."""
        from chalicelib.adapters.pillow_images import PillowImageMaker

        return PillowImageMaker()

    @cached_property
    def promo_codes(self) -> PromoCodes:
        """Promo codes, batches of them and members' coupons."""
        from chalicelib.adapters.dynamo.promo_codes import DynamoPromoCodes

        return DynamoPromoCodes(self.connection)

    def _sealed(self, sms: OutgoingSms) -> "SmsItem":
        """Return the item of a message; few operations promise one."""
        from chalicelib.adapters.dynamo.sms_outbox import sms_item

        return sms_item(sms, self.vault)

    def _sealed_profile(self, profile: Profile) -> "ProfileItem":
        """Return the item of a changed profile; few operations change one."""
        from chalicelib.adapters.dynamo.members import profile_item

        shards, revision = self.settings.due_shards, profile.revision + 1
        return profile_item(profile, self.vault, due_shards=shards, revision=revision)
