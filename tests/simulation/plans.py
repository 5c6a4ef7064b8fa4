"""What each virtual till will do in one schedule, drawn from its seed.

Tills meet on purpose: one member, few receipts and gift cards, holds that another till may
make a moment later, the same request twice at once, a key used again for something else.
"""

from dataclasses import replace
from random import Random
from typing import Any

from tests.simulation import deeds
from tests.simulation.deeds import ANN, BOB, DAN, EVE, KINDS, Deed

TILLS = 6
RECEIPTS = ("R0", "X0", "B0", "N0", "N1", "N2")
_OLD = (*RECEIPTS[:3], "M0~moved")
_NEW = RECEIPTS[3:]
_CARD_RECEIPTS = ("C0", "C1", "K0")  # K0: of a till, paid by gift card
_HOLD = "H0"  # of the opening: capture and release meet there
_CARDS = ("G0", "G2", "G3")  # that can pay
_BASKETS = (
    ((3_000, 1_000, ""),),
    ((9_990, 1_000, ""), (1_050, 2_000, "coffee")),
    ((2_475, 350, "tea"), (0, 1_000, "")),
    ((12_500, 2_000, ""),),
    ((1_500, 2_000, "coffee"), (900, 3_000, "coffee"), (2_000, 1_000, "tea")),
    ((2_500, 1_000, "gift_card"), (4_000, 1_000, "tea"), (3_333, 1_000, "")),
)
# More often: codes that run out, and the job, which mostly finds nothing to do.
_KINDS = (*KINDS, deeds.CODE_PURCHASE, deeds.CODE_PURCHASE, deeds.JOB)
_RIVALRY = {
    deeds.CODE_PURCHASE: 0.5,
    deeds.CODE_CREATE: 0.4,
    deeds.CONFIRMED: 0.4,
    deeds.CARD_PAY: 0.3,
    deeds.CARD_ACTIVATE: 0.3,
    deeds.CARD_VOID: 0.2,
}  # how often the next till wants the same
_CODES = (
    ("SPRING",), ("SPRING",), ("LAST",), ("LAST",), ("LAST",), ("EACH",), ("EACH",), ("ONCE",),
    ("SEVEN",), ("SPRING", "SEVEN"), ("EACH", "LAST"), ("LATER",), ("MAY",), ("STOPPED",),
    ("NOBODYS",), ("@own",), ("@own",), ("@own", "SEVEN"), ("NEW",),
)  # fmt: skip
_AT_TILL = frozenset({deeds.REDEEM, deeds.REDEEMING, deeds.HOLD, deeds.CONFIRMED})
_CONFIRMATIONS = ("C0", "C0", "C1", "B0", "PENDING", "NOBODYS")
TOTAL_X0 = 9_995  # of the anonymous receipt of the opening


def plan(rng: Random) -> list[list[Deed]]:
    """Return the deeds of each till, in order."""
    tills: list[list[Deed]] = []
    for number in range(TILLS):
        if tills and rng.random() < 0.2:
            tills.append([rng.choice(tills)[0]])  # asked twice at once
            continue
        before = tills[-1][0] if tills else None
        if before and rng.random() < _RIVALRY.get(before.kind, 0.05):
            deed = _rival(before, f"k{number}")
        else:
            deed = _deed(rng, f"k{number}")
        work = [deed]
        chance = rng.random()
        if chance < 0.12:
            work.append(deed)  # asked again
        elif chance < 0.24 and deed.key:
            work.append(altered(deed))
        elif chance < 0.30 and (deed.receipt or deed.card or deed.action):
            work.append(replace(deed, key=f"{deed.key}b", return_id=_other_id(deed)))
        tills.append(work)
    return tills


def altered(deed: Deed) -> Deed:
    """Return another request under the same key."""
    if deed.lines:
        price, milli, category = deed.lines[0]
        return replace(deed, lines=((price + 100, milli, category), *deed.lines[1:]))
    if deed.kind in deeds.RETURNS:
        return replace(deed, return_id=f"{deed.return_id}x")
    if deed.kind == deeds.ATTACH:
        return replace(deed, member=BOB if deed.member == ANN else ANN)
    if deed.kind == deeds.RELEASE:
        return replace(deed, hold=f"{deed.hold}x")
    return replace(deed, points=deed.points + 1)


def _rival(deed: Deed, key: str) -> Deed:
    """Return what another till wants of the same thing at the same time."""
    if not deed.key:
        return deed
    if deed.kind not in deeds.SALES:
        hold = f"H{key}" if deed.kind == deeds.HOLD else deed.hold
        return replace(deed, key=key, hold=hold)
    member = {ANN: BOB, BOB: EVE}.get(deed.member, deed.member) if deed.codes else deed.member
    return replace(deed, key=key, receipt=f"P{key}", member=member)


def _other_id(deed: Deed) -> str:
    return deed.return_id if deed.kind == deeds.MOVE else f"{deed.return_id}b"


def _deed(rng: Random, key: str) -> Deed:
    kind = rng.choice(_KINDS)
    # Bob owes points: what is credited to him must repay them.
    ann_chance = 0.5 if kind in (deeds.GRANT, deeds.PURCHASE) else 0.8
    member = ANN if rng.random() < ann_chance else BOB
    base = Deed(kind=kind, key=key, member=member, is_at_till=kind in _AT_TILL)
    if kind in deeds.SALES:
        return _sale(rng, base)
    if kind in deeds.RETURNS:
        return _taking_back(rng, base)
    if kind in deeds.CARD_DEEDS:
        return _card_deed(rng, base)
    return replace(base, **_FIELDS[kind](rng, key))


def _attach(rng: Random, key: str) -> dict[str, Any]:
    return {
        "receipt": "X0" if rng.random() < 0.8 else rng.choice(RECEIPTS),
        "total_minor": TOTAL_X0 if rng.random() < 0.9 else TOTAL_X0 - 1,
    }


def _grant(rng: Random, key: str) -> dict[str, Any]:
    return {"points": rng.randint(1, 30), "days": rng.choice((0, 1, 2, None))}


def _redeem(rng: Random, key: str) -> dict[str, Any]:
    return {"points": rng.choice((5, 20, 45, 70, 90))}


def _confirmed(rng: Random, key: str) -> dict[str, Any]:
    return {
        "member": ANN if rng.random() < 0.8 else BOB,
        "points": rng.choice((45, 60, 60, 75)),
        "confirmation": rng.choice(_CONFIRMATIONS),
    }


def _hold(rng: Random, key: str) -> dict[str, Any]:
    return {"hold": f"H{key}", "points": rng.choice((5, 20, 60))}


def _release(rng: Random, key: str) -> dict[str, Any]:
    return {"member": ANN, "hold": _HOLD}


def _tier(rng: Random, key: str) -> dict[str, Any]:
    tier, days = rng.choice((("silver", 0), ("silver", 3), ("base", 1)))
    return {"tier": tier, "days": days}


def _action(rng: Random, key: str) -> dict[str, Any]:
    return {"action": rng.choice(("review", "review", "survey"))}


def _move(rng: Random, key: str) -> dict[str, Any]:
    to = rng.choice((ANN, BOB, EVE))
    receipt = rng.choice(("R0", "B0", "M0", "D0", "C0", "Q0", rng.choice(_NEW)))
    return {"receipt": receipt, "member": to, "return_id": f"move:{to}", "is_void": True}


def _coupon(rng: Random, key: str) -> dict[str, Any]:
    return {"coupon": rng.choice(("tenth", "tenth", "seven", "nothing"))}


def _new_code(rng: Random, key: str) -> dict[str, Any]:
    text = "NEW" if rng.random() < 0.7 else rng.choice(("SPRING", key.upper()))
    return {"codes": (text,), "points": 2, **_coupon(rng, key)}


def _settle(rng: Random, key: str) -> dict[str, Any]:
    return {"key": "", "member": rng.choice((DAN, DAN, DAN, EVE, ANN))}


def _job(rng: Random, key: str) -> dict[str, Any]:
    return {"key": ""}


_FIELDS = {
    deeds.ATTACH: _attach,
    deeds.GRANT: _grant,
    deeds.REDEEM: _redeem,
    deeds.HOLD: _hold,
    deeds.CONFIRMED: _confirmed,
    deeds.RELEASE: _release,
    deeds.OVERRIDE: _tier,
    deeds.BOUGHT: _tier,
    deeds.ACTION: _action,
    deeds.MOVE: _move,
    deeds.EXCHANGE: _coupon,
    deeds.CODE_CREATE: _new_code,
    deeds.GIVE: _coupon,
    deeds.SETTLE: _settle,
    deeds.FINISH: _job,
    deeds.JOB: _job,
}  # what else a deed without goods says


def _sale(rng: Random, base: Deed) -> Deed:
    receipt = rng.choice(_NEW) if rng.random() < 0.6 else f"P{base.key}"
    deed = replace(base, receipt=receipt, lines=rng.choice(_BASKETS))
    if base.kind == deeds.REDEEMING:
        deed = replace(deed, redeem=rng.choice((5, 30, 60)), is_exact=rng.random() < 0.5)
        return replace(deed, confirmation="C0") if rng.random() < 0.2 else deed
    if base.kind == deeds.CAPTURE:
        return replace(deed, member=ANN, hold=_HOLD)
    if base.kind == deeds.ANONYMOUS:
        return replace(deed, member="")
    if base.kind == deeds.FRIEND_PURCHASE:
        return replace(deed, member=EVE, receipt="E0" if rng.random() < 0.5 else receipt)
    if base.kind == deeds.CODE_PURCHASE:
        return _by_code(rng, deed)
    return _by_card(rng, deed) if base.kind == deeds.CARD_PURCHASE else deed


def _by_code(rng: Random, deed: Deed) -> Deed:
    return replace(
        deed,
        receipt="Q2" if rng.random() < 0.3 else deed.receipt,
        member="" if rng.random() < 0.2 else rng.choice((ANN, BOB, EVE)),
        codes=rng.choice(_CODES) if rng.random() < 0.9 else (f"@k{rng.randrange(TILLS)}",),
    )


def _by_card(rng: Random, deed: Deed) -> Deed:
    chance = rng.random()
    return replace(
        deed,
        receipt="K0" if rng.random() < 0.4 else deed.receipt,
        member="" if chance < 0.2 else deed.member,
        redeem=20 if 0.2 <= chance < 0.5 else None,
        card=rng.choice(_CARDS) if rng.random() < 0.9 else _other_card(rng),
        amount_minor=rng.choice((None, None, 1_500, 4_000)),
    )


def _taking_back(rng: Random, base: Deed) -> Deed:
    names = _OLD if rng.random() < 0.7 else _NEW
    if base.kind == deeds.CARD_RETURN:
        names = _CARD_RECEIPTS
    elif base.kind == deeds.FRIEND_RETURN:
        names = ("D0", "D0", "E0")
    elif base.kind == deeds.CODE_RETURN:
        names = ("Q0", "Q0", "Q1", "Q2")
    voids = {deeds.VOID: 1.0, deeds.RETURN: 0.0, deeds.CODE_RETURN: 0.7}
    is_void = rng.random() < voids.get(base.kind, 0.3)
    deed = replace(
        base, receipt=rng.choice(names), return_id=f"t{rng.randint(0, 4)}", is_void=is_void
    )
    if is_void or rng.random() < 0.3:
        return deed
    return replace(deed, returned=((0, rng.choice((200, 400, 1_000))),))


def _card_deed(rng: Random, base: Deed) -> Deed:
    if base.kind == deeds.CARD_ISSUE:
        return replace(base, amount_minor=3_000, is_active=rng.random() < 0.7)
    card = rng.choice(_CARDS) if rng.random() < 0.7 else _other_card(rng)
    if base.kind == deeds.CARD_ACTIVATE:
        return replace(base, card="G1" if rng.random() < 0.7 else card)
    if base.kind == deeds.CARD_VOID:
        return replace(base, card="G3" if rng.random() < 0.5 else card)
    amount = rng.choice((None, 700, 2_000))
    return replace(base, card=card, total_minor=rng.choice((500, 2_000)), amount_minor=amount)


def _other_card(rng: Random) -> str:
    """Return a card that cannot pay yet, or that a till may be issuing at this moment."""
    return rng.choice(("G1", f"k{rng.randrange(TILLS)}"))
