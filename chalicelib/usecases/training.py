"""Training at a till: sample members, and sales priced for them; nothing is written.

A training sale is decided by the same function as a real one, under the merchant's own
program, for an account that is nobody's. Promo codes and gift cards are not tried: they
would be somebody's.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef, balance_of
from chalicelib.domain.entries import Operation
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.sales import Sale, refuse_impossible_date, sell, sell_anonymously
from chalicelib.domain.samples import SAMPLES, sample_account
from chalicelib.domain.tiers import tier_state
from chalicelib.ports import Keyring
from chalicelib.usecases.catalogue import with_articles
from chalicelib.usecases.members import MemberView, next_expiry
from chalicelib.usecases.purchases import Quoted, quoted_of
from chalicelib.usecases.write_once import Book, merchant_of, program_of


def training_quote(sale: Sale, *, at: datetime, book: Book, keyring: Keyring) -> Quoted:
    """Return what a sale to a sample member, or to nobody, would come to.

    Raises:
        DomainError: `MemberNotFound` if it is no sample member; as a real sale.
    """
    merchant_id = sale.key.merchant_id
    program = program_of(merchant_id, book.merchants)
    nobody = Operation(merchant_id, "training", "training", "")
    occasion = Occasion(program, at, nobody)
    plain = with_articles(replace(sale, promo_codes=(), gift_card=None), book.catalogue)
    refuse_impossible_date(plain, at)
    if plain.member_id is None:
        return quoted_of(sell_anonymously(plain, occasion), at, keyring)
    account = sample_account(merchant_id, plain.member_id, occasion.on)
    if account is None:
        raise MemberNotFound("there is no such sample member")
    return quoted_of(sell(account, plain, occasion), at, keyring)


def sample_members(
    merchant_id: str, names: tuple[str, ...], language: str, *, at: datetime, book: Book
) -> tuple[MemberView, ...]:
    """Return the sample members as a till sees a member, called as `names` say."""
    return tuple(
        _view(MemberRef(merchant_id, member_id), name, language, at, book)
        for (member_id, _), name in zip(SAMPLES, names, strict=True)
    )


def _view(member: MemberRef, name: str, language: str, at: datetime, book: Book) -> MemberView:
    program = program_of(member.merchant_id, book.merchants)
    on = program.local_date(at)
    account = sample_account(member.merchant_id, member.member_id, on)
    assert account is not None, "a sample's own id"
    return MemberView(
        member=member,
        merchant=merchant_of(member.merchant_id, book.merchants),
        program=program,
        profile=Profile(member, None, language, at, name=name),
        account=account,
        on=on,
        balance=balance_of(account, at, on),
        tier=tier_state(account, program, on),
        next_expiry=next_expiry(account, on),
    )
