"""A card with everything on it, a new one, and the pages they are shown on."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.account import Lot, as_of, balance_of
from chalicelib.domain.coupons import CouponState, HeldCoupon
from chalicelib.domain.entries import EntryKind, HoldMove, LedgerEntry, Movement, MovementKind
from chalicelib.domain.gift_cards import GiftCard, GiftCardState
from chalicelib.domain.kept_gift_cards import HeldGiftCard, KeptGiftCard
from chalicelib.domain.members import Merchant, Profile
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.tiers import tier_state
from chalicelib.usecases.members import MemberView, next_expiry
from chalicelib.web.card_code import code_view
from chalicelib.web.card_gift_cards import gift_cards_view
from chalicelib.web.card_page import card_view, links_view, live_view
from chalicelib.web.join_page import join_view
from chalicelib.web.rendering import render
from passes.wording import Language
from tests.builders import ANN, NOON, SHOP, TODAY, account, holding, lot, program, tiers
from tests.fakes.keyring import FakeKeyring

MERCHANT = Merchant(SHOP, "Пекарня «Колос»", "RU", ("RU",), "ru")
PROGRAM = program(
    tiers=tiers(window_days=365),
    currency="RUB",
    anniversaries={"birthday": {"points": 300, "expires_in_days": 10}},
    referral={"referrer_points": 200, "friend_points": 100},
)
RULED = replace(PROGRAM, confirm_above=500)
WITH_COUPONS = program(
    tiers=tiers(window_days=365),
    currency="RUB",
    stamps={"category": "coffee", "every": 6},
    benefits={"base": ["Тёплая булочка к кофе", "Приглашения на дегустации"]},
    coupons=[
        {"id": "ten", "discount_percent": 10, "price_points": 500, "valid_months": 6},
        {"id": "rich", "discount": "500.00", "price_points": 5_000, "min_receipt": "900.00"},
        {"id": "hundred", "points": 100, "valid_days": 14},
    ],
)
HELD = tuple(
    HeldCoupon(
        MemberCoupon(
            code=f"1234567{n}", member_id="mem_ann", coupon_id=name, given_at=NOON, last=last
        ),
        state,
    )
    for n, (name, last, state) in enumerate(
        (
            ("hundred", TODAY + timedelta(days=14), CouponState.USABLE),
            ("ten", None, CouponState.USABLE),
            ("ten", None, CouponState.USED),
            ("gone", None, CouponState.USABLE),  # of a program of before
        )
    )
)
GIFT_CARDS = tuple(
    HeldGiftCard(
        KeptGiftCard(f"gft_{n}", "", ending, NOON),
        GiftCard(
            merchant_id=SHOP,
            code_hash="",
            card_id=f"gft_{n}",
            currency="RUB",
            amount_minor=300_000,
            balance_minor=left,
            issued_at=NOON,
            state=state,
        ),
    )
    for n, (ending, left, state) in enumerate(
        (
            ("1C5FZ", 150_000, GiftCardState.ACTIVE),
            ("9XABK", 0, GiftCardState.ACTIVE),
            ("0GXJ9", 0, GiftCardState.VOIDED),
        )
    )
)
FULL = account(
    lot("may", 120, until="2026-06-30"),
    lot("year", 1_100, until="2027-05-31"),
    lot("soon", 44, active="2026-06-15", until="2027-06-15"),
    holds=(holding("order", lot("held", 50, until="2027-05-31")),),
    debt=30,
    stamps=4,
    days={"2026-05-01": 185_000},
    version=20,
)
NEW = account()
REFERRAL_CODE = "R17Q2M8K4D9XAB"
_HASHES = re.compile(r"-[0-9a-f]{8}(?=\.(?:css|js|svg))")


def entry(kind: EntryKind, *moves: tuple[MovementKind, int, Lot | None], **more: Any) -> Any:
    """Return an entry of noon whose movements are (kind, points, lot)."""
    fields = {"at": NOON, "on": TODAY, "balance_after": 0, "version": 2, **more}
    movements = tuple(Movement(*move) for move in moves)
    return LedgerEntry(member=ANN, kind=kind, movements=movements, **fields)


def entries() -> tuple[LedgerEntry, ...]:
    """Return one entry of every kind, newest first."""
    may, soon = lot("may", 120, until="2026-06-30"), lot("soon", 44, active="2026-06-15")
    back = NOON - timedelta(days=1)
    old = NOON - timedelta(days=200)
    return (
        entry(
            EntryKind.PURCHASE,
            (MovementKind.REDEEM, -375, may),
            (MovementKind.EARN, 44, soon),
            net_minor=87_550,
            tier_before="base",
            tier_after="silver",
        ),
        entry(
            EntryKind.RETURN,
            (MovementKind.CLAW_BACK, -20, may),
            (MovementKind.CLAW_BACK, -30, None),
        ),
        entry(EntryKind.VOID, (MovementKind.RESTORE, 10, may), at=back),
        entry(EntryKind.GRANT, (MovementKind.GRANT, 120, may), at=back),
        entry(
            EntryKind.ANNIVERSARY, (MovementKind.GRANT, 300, may), reason="birthday", at=back
        ),
        entry(EntryKind.ANNIVERSARY, (MovementKind.GRANT, 5, may), reason="wedding", at=back),
        entry(EntryKind.REDEEM, (MovementKind.REDEEM, -1_200, may), at=back),
        entry(EntryKind.COUPON, at=back, facts={"coupon": "hundred"}),
        entry(
            EntryKind.REDEEM,
            (MovementKind.REDEEM, -500, may),
            at=back,
            facts={"coupon": "ten", "redeemed": 500},
        ),
        entry(
            EntryKind.HOLD, hold_moves=(HoldMove("order", False, (replace(may, points=50),)),)
        ),
        entry(
            EntryKind.RELEASE, hold_moves=(HoldMove("order", True, (replace(may, points=7),)),)
        ),
        entry(EntryKind.EXPIRE, (MovementKind.EXPIRE, -15, may), at=old),
        entry(EntryKind.REMIND, at=old),
        entry(EntryKind.HISTORY, at=old, net_minor=100),
        entry(EntryKind.ACTIVATE, at=old),
        entry(EntryKind.TIER, at=old, tier_before="base", tier_after="silver"),
        entry(
            EntryKind.REVERSE,
            (MovementKind.MERGE, -9, may),
            (MovementKind.MERGE, 9, may),
            (MovementKind.GRANT, 1, may),
            at=old,
        ),
        entry(EntryKind.SEGMENTS, at=old),
        entry(EntryKind.CODE, at=old),
        entry(EntryKind.JOIN, at=old, version=1),
    )


def view(seen: Any = FULL, **more: Any) -> MemberView:
    """Return Ann as of noon."""
    current = as_of(seen, NOON)
    rules = more.pop("program", PROGRAM)
    fields = {
        "profile": Profile(
            ANN, "+79990000001", "ru", NOON, name="Анна Петрова", code="L17Q2M8K4D9XAB"
        ),
        **more,
    }
    return MemberView(
        member=ANN,
        merchant=MERCHANT,
        program=rules,
        account=current,
        on=TODAY,
        balance=balance_of(seen, NOON, TODAY),
        tier=tier_state(current, rules, TODAY),
        next_expiry=next_expiry(current, TODAY),
        **fields,
    )


def card_html(
    seen: Any,
    written: Sequence[LedgerEntry],
    language: Language,
    *,
    held: Sequence[HeldCoupon] = (),
    gift_cards: Sequence[HeldGiftCard] = (),
    wallet: Any = None,
    rules: Any = None,
) -> str:
    """Return the page of a card."""
    program = rules or (WITH_COUPONS if held else PROGRAM)
    shown = view(seen, program=program, referral_code=REFERRAL_CODE)
    fields = {
        **card_view(shown, language, "https://kopilka.example"),
        **live_view(shown, written, held, language),
        "gift_cards": gift_cards_view(shown, gift_cards, language),
        **code_view(shown, at=NOON, keyring=FakeKeyring()),
        "wallet": wallet,
        "tag": '"tag"',
        "live_path": f"/c/token/live?lang={language}",
        "coupons_path": "/c/token/coupons",
        "card_path": "/c/token",
        "query": "",
        "links": links_view(shown, language, path="/c/token", query="", is_signed_in=True),
        "now": int(NOON.timestamp() * 1_000),
    }
    return render("card.html", fields, language, accent=MERCHANT.accent)


def join_html(
    language: Language,
    *,
    store: str | None = None,
    referral_code: str | None = None,
    **merchant: Any,
) -> str:
    """Return the page to join on."""
    shop = replace(MERCHANT, **merchant)
    fields = join_view(
        shop,
        PROGRAM,
        language,
        store=store,
        referral_code=referral_code,
        code_minutes=5,
        on=TODAY,
    )
    return render("join.html", fields, language, accent=shop.accent)


def pages() -> dict[str, str]:
    """Return every page that has a snapshot, by the snapshot's name."""
    from tests.web.draw_sample import DRAWN, OPEN, WINNERS, draw_html  # needs MERCHANT
    from tests.web.rules_sample import of_everything, of_template, rules_html  # needs MERCHANT

    apple = {"url": "/passes/a.pkpass?token=b", "word": "add_apple", "badge": None}
    joined = (entry(EntryKind.JOIN, version=1),)
    found: dict[str, str] = {}
    languages: tuple[Language, ...] = ("ru", "en")
    for language in languages:
        found[f"join.{language}"] = join_html(language, store="store-1")
        found[f"join-invited.{language}"] = join_html(language, referral_code=REFERRAL_CODE)
        found[f"card-full.{language}"] = card_html(
            FULL, entries(), language, held=HELD, gift_cards=GIFT_CARDS, wallet=apple
        )
        found[f"card-ruled.{language}"] = card_html(NEW, joined, language, rules=RULED)
        found[f"card-new.{language}"] = card_html(NEW, joined, language)
        found[f"rules-all.{language}"] = rules_html(of_everything(), language)
        bakery = of_template("bakery")
        found[f"draw-open.{language}"] = draw_html(OPEN, language)
        found[f"draw-drawn.{language}"] = draw_html(DRAWN, language, WINNERS[:3])
        found[f"rules-bakery.{language}"] = rules_html(bakery, language)
    return {name: _HASHES.sub("-########", html) for name, html in found.items()}
