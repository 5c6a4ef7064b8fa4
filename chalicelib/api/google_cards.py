"""What Google should have of a member: the card as an object, the class, and the news."""

from dataclasses import replace
from datetime import datetime

from chalicelib.api.book import directory
from chalicelib.api.cards import card_of, colours_of
from chalicelib.domain.confirmations import Method
from chalicelib.domain.google_objects import GoogleObject, News, NewsKind, news_of
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.notices import Topic, Way, is_muted
from chalicelib.domain.pass_designs import Colours, Look
from chalicelib.usecases.card_tokens import serial_of
from chalicelib.usecases.confirmations import rotating_key
from chalicelib.usecases.google_sending import (
    LEASE,
    LEASE_ATTENDED,
    PUT_TIME_MAX,
    PUT_TIME_MAX_ATTENDED,
    Drawn,
    Notice,
    ObjectDesk,
)
from chalicelib.usecases.members import MemberView
from chalicelib.usecases.passes import view_pass
from chalicelib.wiring import services
from passes.google_class import Issuer, loyalty_class
from passes.google_object import (
    GoogleFrame,
    coupon_message,
    loyalty_object,
    phone_message,
    tier_message,
    voided_object,
)
from passes.wording import Language

NEWS_ENTRIES_MAX = 20  # of the ledger, looked through for news
LOGO_PATH = "/wallet/google/logo"


def google_desk(*, is_attended: bool = False) -> ObjectDesk:
    """Return what objects are sent with; `is_attended`: while a shopper waits."""
    ports = services()
    return ObjectDesk(
        objects=ports.google_objects,
        holders=ports.pass_holders,
        google=ports.google_api_for_shoppers if is_attended else ports.google_api,
        rates=ports.google_rates,
        pacer=ports.pacer,
        clock=ports.clock,
        draw=draw_object,
        lease=LEASE_ATTENDED if is_attended else LEASE,
        put_time=PUT_TIME_MAX_ATTENDED if is_attended else PUT_TIME_MAX,
    )


def draw_object(row: GoogleObject, at: datetime) -> Drawn | None:
    """Look at the member now; None: is no more, and Google never knew.

    Raises:
        StoreUnavailable.
    """
    ports = services()
    try:
        shown = view_pass(row.member, at=at, directory=directory(), designs=ports.pass_designs)
    except MemberNotFound:
        return _voided(row) if row.sent_version else None
    view, look, card = shown.member, shown.look, card_of(shown.member, shown.version)
    return Drawn(
        version=shown.version,
        account_version=view.account.version,
        object_body=loyalty_object(card, look.design, _frame(view)),
        class_body=_class_body(view, look),
        look_revision=look.revision,
        notices=_notices(row, view),
    )


def default_logo_url(colours: Colours) -> str:
    """Return where Google fetches the default logo in these colours."""
    parts = (colours.background, colours.foreground)
    name = "-".join(colour.removeprefix("#").lower() for colour in parts)
    return f"{services().settings.public_url}{LOGO_PATH}/{name}.png"


def _frame(view: MemberView) -> GoogleFrame:
    merchant_id = view.member.merchant_id
    key = None
    if view.program.confirm_above is not None:  # a till asks for more than can be copied
        ports = services()
        key = rotating_key(merchant_id, view.profile.code, Method.TOTP, ports.keyring)
    return GoogleFrame(
        issuer_id=services().settings.google_issuer_id,
        class_name=merchant_id,
        rules_url=_rules_url(merchant_id),
        rotating_key=key,
    )


def _voided(row: GoogleObject) -> Drawn:
    """Return what is left of a member who was erased or merged."""
    settings = services().settings
    merchant_id = row.member.merchant_id
    frame = GoogleFrame(
        issuer_id=settings.google_issuer_id,
        class_name=merchant_id,
        rules_url=_rules_url(merchant_id),
    )
    body = voided_object(serial_of(row.member), frame)
    drawn = Drawn(
        version=row.sent_version,
        account_version=row.told_version,
        object_body=body,
        class_body={},
        look_revision=-1,  # older than any: the class stays as it is
        is_void=True,
    )
    if row.shape == drawn.shape:
        return drawn
    return replace(drawn, version=max(row.sent_version + 1, row.wanted_version))


def _class_body(view: MemberView, look: Look) -> dict[str, object]:
    settings, merchant = services().settings, view.merchant
    shown = look.design.colours or colours_of(merchant.accent)
    language: Language = "ru" if merchant.language == "ru" else "en"
    issuer = Issuer(
        issuer_id=settings.google_issuer_id,
        class_name=merchant.merchant_id,
        merchant_name=merchant.name,
        program_name=view.program.title,
        country=merchant.country,
        language=language,
        images_url=f"{settings.public_url}/wallet/images/{merchant.merchant_id}",
        default_logo_url=default_logo_url(shown),
        rules_url=_rules_url(merchant.merchant_id),
        callback_url=f"{settings.public_url}/wallet/google/callback",
    )
    return loyalty_class(issuer, look.design, shown)


def _notices(row: GoogleObject, view: MemberView) -> tuple[Notice, ...]:
    """Return the news since the last that was told; a new object has none."""
    behind = view.account.version - row.told_version
    if behind <= 0:
        return ()
    entries = services().ledger.entries(view.member, limit=min(behind, NEWS_ENTRIES_MAX))
    levels = view.program.tiers.levels if view.program.tiers else ()
    language: Language = "ru" if view.profile.language == "ru" else "en"
    found = news_of(entries, tuple(level.name for level in levels))
    return tuple(_notice(news, view, language) for news in found)


def _notice(news: News, view: MemberView, language: Language) -> Notice:
    """Return a message; that a phone was changed is never a quiet one."""
    profile = view.profile
    if news.kind is NewsKind.TIER_UP:
        is_quiet = is_muted(profile, Topic.POINTS, Way.WALLET)
        return Notice(tier_message(news.version, news.name, language), is_quiet)
    if news.kind is NewsKind.PHONE:
        until = datetime.fromisoformat(news.name) if news.name else None
        local = until and until.astimezone(view.program.zone)
        return Notice(phone_message(news.version, language, local))
    is_quiet = is_muted(profile, Topic.OFFERS, Way.WALLET)
    return Notice(coupon_message(news.version, language), is_quiet)


def _rules_url(merchant_id: str) -> str:
    return f"{services().settings.public_url}/r/{merchant_id}"
