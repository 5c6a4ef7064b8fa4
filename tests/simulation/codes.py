"""Promo codes and counters in the model: what is good, what is taken, what comes back."""

from collections.abc import Iterable
from datetime import date

from tests.simulation.books import Books, Code, CodeUse, Counted, Receipt, Refused, Taken
from tests.simulation.deeds import Deed
from tests.simulation.rules import Rules

CODES = {
    "SPRING": Code("tenth", most=3),
    "ONCE": Code("seven"),
    "LAST": Code("tenth"),
    "EACH": Code("tenth", most=5, most_each=1),
    "SEVEN": Code("seven", most=None),
    "THREE": Code("tenth", most=3),
    "THREE EACH": Code("tenth", most=3, most_each=1),
    "LATER": Code("seven", most=None, first=date(2026, 6, 2)),  # from tomorrow on
    "MAY": Code("tenth", most=None, last=date(2026, 5, 31)),
    "STOPPED": Code("tenth", is_stopped=True),
}
REFUSED = "promo_code_refused"


def known(books: Books, deed: Deed, rules: Rules, on: date) -> tuple[tuple[str, str], ...]:
    """Return the codes of a deed and the coupons they name."""
    found = []
    for text in deed.codes:
        code = books.codes.get(text) or books.coupons.get((deed.member, text))
        if code is None or code.coupon not in [coupon.name for coupon in rules.coupons]:
            raise Refused(f"{REFUSED}: unknown")
        _refuse(text, code, books, deed.member, on)
        found.append((text, code.coupon))
    return tuple(found)


def counter_of(text: str, code: Code) -> Counted:
    """Return what counts the uses of a code."""
    return (f"own:{text}", None, code.owner) if code.owner else (f"code:{text}", None, None)


def takes(books: Books, uses: tuple[CodeUse, ...], member: str) -> tuple[Taken, ...]:
    """Return what the codes that gave something take."""
    found: list[Taken] = []
    for text, _, is_applied, _, _ in uses:
        if not is_applied:
            continue
        code = books.codes.get(text) or books.coupons[member, text]
        found.append((counter_of(text, code), 1, code.most))
        if code.most_each is not None and member:
            found.append(((f"code:{text}", None, member), 1, code.most_each))
    return tuple(found)


def take(books: Books, taken: Iterable[Taken]) -> None:
    """Move counters; none may pass its maximum."""
    for key, units, most in taken:
        now = books.counters.get(key, 0) + units
        if units > 0 and most is not None and now > most:
            raise Refused(f"{key} is at {now} of {most}")
        books.counters[key] = now


def kept(receipt: Receipt) -> tuple[Taken, ...]:
    """Return what a moved receipt keeps: what made it cheaper, and its codes."""
    cheaper = {what for row in receipt.rows for what, _ in row.offs}
    return tuple(
        taken
        for taken in receipt.takes
        if taken[0][0].startswith(("code:", "own:")) or _what(taken) in cheaper
    )


def given_back(receipt: Receipt, on: date, *, is_moved: bool) -> tuple[Taken, ...]:
    """Return what a void gives back, other days' counters left alone."""
    back = [one for one in receipt.takes if is_moved or one[0][1] in (None, on)]
    if is_moved:
        stays = kept(receipt)
        back = [one for one in back if one not in stays]
    return tuple((key, -units, None) for key, units, _ in back)


def _what(taken: Taken) -> str:
    return taken[0][0].rpartition(":")[0]


def _refuse(text: str, code: Code, books: Books, member: str, on: date) -> None:
    each = books.seen.get((f"code:{text}", None, member), 0)
    wrong = {
        "stopped": code.is_stopped,
        "not_yet": code.first is not None and on < code.first,
        "expired": code.last is not None and on > code.last,
        "used_up": code.most is not None
        and books.seen.get(counter_of(text, code), 0) >= code.most,
        "member_required": code.most_each is not None and not member,
        "member_limit": code.most_each is not None and each >= code.most_each,
    }
    for reason, is_wrong in wrong.items():
        if is_wrong:
            raise Refused(f"{REFUSED}: {reason}")
