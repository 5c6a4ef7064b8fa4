"""What staff sign in with. Built on first use: a till's API key needs none of it."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.wiring.stores import Stores

if TYPE_CHECKING:
    from chalicelib.domain.members import Merchant
    from chalicelib.ports.staff import Guesses, Sessions, StaffRoom
    from chalicelib.usecases.owners import OwnerDesk
    from chalicelib.usecases.pins import TillDesk
    from chalicelib.usecases.shops import ShopDesk


class Staff(Stores):
    """Stores, tills, people, owners and their sessions."""

    @cached_property
    def staff_sessions(self) -> "Sessions":
        """Devices at tills and owners at desks."""
        from chalicelib.adapters.dynamo.sessions import DynamoSessions

        return DynamoSessions(self.connection)

    @cached_property
    def staff_room(self) -> "StaffRoom":
        """Stores, tills, people, and the audit log."""
        from chalicelib.adapters.dynamo.staff import DynamoStaffRoom

        return DynamoStaffRoom(self.connection)

    @cached_property
    def guesses(self) -> "Guesses":
        """Guesses at PINs, passwords and codes."""
        from chalicelib.adapters.dynamo.guesses import DynamoGuesses

        return DynamoGuesses()

    @cached_property
    def till_desk(self) -> "TillDesk":
        """What tills are opened with."""
        from chalicelib.adapters.dynamo.guesses import DynamoDeviceCodes
        from chalicelib.usecases.pins import TillDesk

        return TillDesk(
            room=self.staff_room,
            sessions=self.staff_sessions,
            guesses=self.guesses,
            codes=DynamoDeviceCodes(self.connection),
            merchants=self.merchants,
            catalogue=self.catalogue,
            keyring=self.keyring,
            pacer=self.pacer,
        )

    @cached_property
    def owner_desk(self) -> "OwnerDesk":
        """What owners are known by."""
        from chalicelib.adapters.dynamo.owners import DynamoOwners
        from chalicelib.adapters.passwords import Argon2Passwords
        from chalicelib.usecases.owners import OwnerDesk

        return OwnerDesk(
            owners=DynamoOwners(self.connection, self.vault),
            passwords=Argon2Passwords(),
            room=self.staff_room,
            sessions=self.staff_sessions,
            guesses=self.guesses,
            keyring=self.keyring,
            pacer=self.pacer,
        )

    @cached_property
    def shop_desk(self) -> "ShopDesk":
        """What a shop is opened with."""
        from chalicelib.usecases.shops import ShopDesk

        return ShopDesk(
            owner_desk=self.owner_desk,
            office=self.office,
            first_design=self._first_design,
            shops_per_network=self.settings.shops_per_network,
        )

    def _first_design(self, merchant: "Merchant", name: str, at: datetime) -> None:
        from chalicelib.domain.templates import template
        from chalicelib.usecases.first_designs import publish_first_design
        from passes.templates import template_design

        program, found = template(name), template_design(name)
        if program is not None and found is not None:
            publish_first_design(
                merchant.merchant_id,
                program.named_in(merchant.language, found.document),  # colours by tier
                found.artworks,
                at=at,
                desk=self.design_desk,
            )
