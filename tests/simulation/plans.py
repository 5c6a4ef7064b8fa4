"""What each virtual till will do in one schedule, drawn from its seed.

Tills meet on purpose: one member, few receipts, holds that another till may make a moment
later, the same request twice at once, a key used again for something else.
"""

from dataclasses import replace
from random import Random
from typing import Any

from tests.simulation import deeds
from tests.simulation.deeds import KINDS, MEMBERS, Deed

TILLS = 6
RECEIPTS = ("R0", "X0", "B0", "N0", "N1", "N2")
_OLD = RECEIPTS[:3]
_NEW = RECEIPTS[3:]
_HOLD = "H0"  # of the opening: capture and release meet there
_BASKETS = (
    ((3_000, 1_000),),
    ((9_990, 1_000), (1_050, 2_000)),
    ((2_475, 350), (0, 1_000)),
    ((12_500, 2_000),),
)
TOTAL_X0 = 9_995  # of the anonymous receipt of the opening


def plan(rng: Random) -> list[list[Deed]]:
    """Return the deeds of each till, in order."""
    tills: list[list[Deed]] = []
    for number in range(TILLS):
        if tills and rng.random() < 0.2:
            tills.append([rng.choice(tills)[0]])  # asked twice at once
            continue
        deed = _deed(rng, f"k{number}")
        work = [deed]
        chance = rng.random()
        if chance < 0.12:
            work.append(deed)  # asked again
        elif chance < 0.24 and deed.key:
            work.append(altered(deed))
        elif chance < 0.30 and deed.receipt:
            work.append(replace(deed, key=f"{deed.key}b", return_id=f"{deed.return_id}b"))
        tills.append(work)
    return tills


def altered(deed: Deed) -> Deed:
    """Return another request under the same key."""
    if deed.lines:
        price, milli = deed.lines[0]
        return replace(deed, lines=((price + 100, milli), *deed.lines[1:]))
    if deed.kind in (deeds.RETURN, deeds.VOID):
        return replace(deed, return_id=f"{deed.return_id}x")
    if deed.kind == deeds.ATTACH:
        return replace(deed, member=MEMBERS[1] if deed.member == MEMBERS[0] else MEMBERS[0])
    if deed.kind == deeds.RELEASE:
        return replace(deed, hold=f"{deed.hold}x")
    return replace(deed, points=deed.points + 1)


def _deed(rng: Random, key: str) -> Deed:
    kind = rng.choice(KINDS)
    # Bob owes points: what is credited to him must repay them.
    ann_chance = 0.5 if kind in (deeds.GRANT, deeds.PURCHASE) else 0.8
    member = MEMBERS[0] if rng.random() < ann_chance else MEMBERS[1]
    base = Deed(kind=kind, key=key, member=member)
    if kind in (deeds.PURCHASE, deeds.ANONYMOUS, deeds.REDEEMING, deeds.CAPTURE):
        return _sale(rng, base)
    if kind in (deeds.RETURN, deeds.VOID):
        return _taking_back(rng, base)
    return replace(base, **_fields(rng, kind, key))


def _fields(rng: Random, kind: str, key: str) -> dict[str, Any]:
    """Return what else a deed without goods says."""
    tier, days = rng.choice((("silver", 0), ("silver", 3), ("base", 1)))
    fields: dict[str, dict[str, Any]] = {
        deeds.ATTACH: {
            "receipt": "X0" if rng.random() < 0.8 else rng.choice(RECEIPTS),
            "total_minor": TOTAL_X0 if rng.random() < 0.9 else TOTAL_X0 - 1,
        },
        deeds.GRANT: {"points": rng.randint(1, 30), "days": rng.choice((0, 1, 2, None))},
        deeds.REDEEM: {"points": rng.choice((5, 20, 45, 70, 90))},
        deeds.HOLD: {"hold": f"H{key}", "points": rng.choice((5, 20, 60))},
        deeds.RELEASE: {"member": MEMBERS[0], "hold": _HOLD},
        deeds.OVERRIDE: {"tier": tier, "days": days},
        deeds.JOB: {"key": ""},
    }
    return fields[kind]


def _sale(rng: Random, base: Deed) -> Deed:
    receipt = rng.choice(_NEW) if rng.random() < 0.6 else f"P{base.key}"
    deed = replace(base, receipt=receipt, lines=rng.choice(_BASKETS))
    if base.kind == deeds.REDEEMING:
        return replace(deed, redeem=rng.choice((5, 30, 60)), is_exact=rng.random() < 0.5)
    if base.kind == deeds.CAPTURE:
        return replace(deed, member=MEMBERS[0], hold=_HOLD)
    return deed


def _taking_back(rng: Random, base: Deed) -> Deed:
    receipt = rng.choice(_OLD if rng.random() < 0.7 else _NEW)
    deed = replace(base, receipt=receipt, return_id=f"t{rng.randint(0, 4)}")
    if base.kind == deeds.VOID or rng.random() < 0.3:
        return deed
    return replace(deed, returned=((0, rng.choice((200, 400, 1_000))),))
