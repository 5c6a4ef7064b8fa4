"""Make promo codes and batches of them, list them, stop them.

A named code is an item of its own. A batch is one item, whatever it counts: its codes are
derived by the keyring, and made again for a list. To stop one code of a batch makes a named
code of it, which is looked at first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.code_batches import batch_id_of
from chalicelib.domain.coupons import terms_of
from chalicelib.domain.entries import LedgerChange, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import CodeBatch, PromoCode
from chalicelib.ports import Keyring, PromoCodes
from chalicelib.usecases.code_batches import batch_code, code_in, code_of
from chalicelib.usecases.write_once import Answered, Book, program_of, write_once

PAGE_MAX = 100  # codes or batches of one answer
CODES_LISTED_MAX = 20_000  # of a batch in one answer: under 3 MB, derived within a second


class PromoCodeExists(DomainError):
    """The merchant has this code already."""

    code = "promo_code_exists"


class PromoCodeNotFound(DomainError):
    """The merchant has no such code."""

    code = "promo_code_not_found"


class CodeBatchNotFound(DomainError):
    """The merchant has no such batch."""

    code = "code_batch_not_found"


@dataclass(frozen=True, slots=True)
class CountedCode:
    """A code and how often it was used."""

    code: PromoCode
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDesk:
    """The ports promo codes are managed with."""

    book: Book
    codes: PromoCodes
    keyring: Keyring


def create_code(new: PromoCode, operation: Operation, *, desk: CodeDesk) -> Answered[PromoCode]:
    """Make a named code; a repeat answers the same.

    Raises:
        DomainError: `CouponUnknown`, `PromoCodeExists`, `KeyReused`.
    """
    merchant_id = operation.merchant_id
    program = program_of(merchant_id, desk.book.merchants)

    def decide() -> LedgerChange:
        terms_of(program, new.coupon_id)
        if _found(merchant_id, new.code, desk) is not None:
            raise PromoCodeExists("there is such a code already")
        return LedgerChange(operation, 0, None, None, promo_code=new)

    answer = write_once(operation, decide, desk.book)
    made = answer.value.promo_code
    assert made is not None, "the operation was recorded with a code"
    return Answered(replace(made, is_stopped=False), answer.is_replay)  # as it was then


def create_batch(
    wanted: CodeBatch, operation: Operation, *, desk: CodeDesk
) -> Answered[CodeBatch]:
    """Make a batch; its id is chosen here, and a repeat answers the same one.

    Raises:
        DomainError: `CouponUnknown`, `KeyReused`.
    """
    merchant_id = operation.merchant_id
    program = program_of(merchant_id, desk.book.merchants)
    names = _names(operation, desk.keyring)

    def decide() -> LedgerChange:
        terms_of(program, wanted.coupon_id)
        batch = replace(wanted, batch_id=next(names))
        return LedgerChange(operation, 0, None, None, code_batch=batch)

    answer = write_once(operation, decide, desk.book)
    made = answer.value.code_batch
    assert made is not None, "the operation was recorded with a batch"
    return Answered(replace(made, is_stopped=False), answer.is_replay)  # as it was then


def list_codes(
    merchant_id: str, *, after: str | None, limit: int, desk: CodeDesk
) -> tuple[CountedCode, ...]:
    """Return named codes with their uses, in the order of their text."""
    found = desk.codes.codes(merchant_id, after=after, limit=min(limit, PAGE_MAX))
    return _counted(merchant_id, found, desk)


def find_code(merchant_id: str, code: str, *, desk: CodeDesk) -> CountedCode:
    """Return a code, named or of a batch, with its uses. Raises PromoCodeNotFound."""
    found = _found(merchant_id, code, desk)
    if found is None:
        raise PromoCodeNotFound("there is no such code")
    return _counted(merchant_id, (found,), desk)[0]


def stop_code(merchant_id: str, code: str, *, desk: CodeDesk) -> CountedCode:
    """Let a code be used no more; again changes nothing. Raises PromoCodeNotFound."""
    found = find_code(merchant_id, code, desk=desk)
    if not found.code.is_stopped:
        desk.codes.stop(merchant_id, found.code)
    return replace(found, code=replace(found.code, is_stopped=True))


def list_batches(
    merchant_id: str, *, after: str | None, limit: int, desk: CodeDesk
) -> tuple[CodeBatch, ...]:
    """Return batches in the order of their ids."""
    return desk.codes.batches(merchant_id, after=after, limit=min(limit, PAGE_MAX))


def find_batch(merchant_id: str, batch_id: str, *, desk: CodeDesk) -> CodeBatch:
    """Return a batch. Raises CodeBatchNotFound."""
    found = desk.codes.batch(merchant_id, batch_id)
    if found is None:
        raise CodeBatchNotFound("there is no such batch")
    return found


def stop_batch(merchant_id: str, batch_id: str, *, desk: CodeDesk) -> CodeBatch:
    """Let no code of a batch be used any more. Raises CodeBatchNotFound."""
    batch = find_batch(merchant_id, batch_id, desk=desk)
    if not batch.is_stopped:
        desk.codes.stop_batch(merchant_id, batch_id)
    return replace(batch, is_stopped=True)


def codes_of(
    merchant_id: str, batch: CodeBatch, *, first: int, limit: int, keyring: Keyring
) -> tuple[str, ...]:
    """Return codes of a batch by their numbers, from `first`, which counts from 0."""
    end = min(batch.count, first + min(limit, CODES_LISTED_MAX))
    return tuple(code_of(merchant_id, batch, n, keyring) for n in range(first, end))


def _found(merchant_id: str, code: str, desk: CodeDesk) -> PromoCode | None:
    if not code:  # what was typed was spaces and dashes alone
        return None
    proven = batch_code(merchant_id, code, desk.keyring)
    named = desk.codes.code(merchant_id, proven.code if proven else code)
    if named is not None or proven is None:
        return named
    batch = desk.codes.batch(merchant_id, proven.batch_id)
    return code_in(batch, proven) if batch else None


def _counted(
    merchant_id: str, found: Sequence[PromoCode], desk: CodeDesk
) -> tuple[CountedCode, ...]:
    used: Mapping[Counter, int] = desk.codes.used(merchant_id, [one.counter for one in found])
    return tuple(CountedCode(one, used.get(one.counter, 0)) for one in found)


def _names(operation: Operation, keyring: Keyring) -> Iterator[str]:
    """Yield ids for a new batch; another one each time, as one may be taken."""
    parts = (operation.merchant_id, operation.client, operation.key)
    number = int(keyring.fingerprint("code_batch", *parts), 16)
    while True:
        yield batch_id_of(number)
        number += 1
