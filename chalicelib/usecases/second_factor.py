"""The second factor of an owner: set up, confirmed by a code; recovery codes beside it."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.attempts import SignInRefused
from chalicelib.domain.audit import Deed
from chalicelib.domain.confirmations import Method
from chalicelib.domain.owners import (
    RECOVERY_CODES,
    RECOVERY_SYMBOLS,
    Owner,
    SecondFactorMissing,
    SecondFactorRefused,
    otpauth_uri,
    secret_text,
)
from chalicelib.domain.rotating import KEY_BYTES, accepted_step, step_of
from chalicelib.domain.sessions import Session, require_fresh
from chalicelib.usecases.owners import (
    OwnerDesk,
    count_code_guess,
    owner_of,
    owner_record,
    recovery_hash,
)


@dataclass(frozen=True, slots=True)
class NewFactor:
    """What an authenticator is given: as a QR code of the URI, or typed; shown once."""

    uri: str
    secret: str


def begin_second_factor(
    session: Session, *, merchant_name: str, at: datetime, desk: OwnerDesk
) -> NewFactor:
    """Draw a secret; it counts once a code of it was given. One that is on goes on until then.

    It can be confirmed for as long as the session is fresh now.

    Raises:
        NotFresh: the sign-in is too long ago: who turns it on has the account from then on.
    """
    require_fresh(session, at)
    owner = owner_of(session, desk)
    drawn = desk.keyring.fingerprint("totp-secret", desk.keyring.new_id("key"))
    secret = bytes.fromhex(drawn)[:KEY_BYTES]
    desk.owners.save(replace(owner, new_secret=secret, new_until=session.fresh_until))
    return NewFactor(otpauth_uri(owner, merchant_name, secret), secret_text(secret))


def confirm_second_factor(
    session: Session, code: str, *, at: datetime, desk: OwnerDesk
) -> tuple[str, ...]:
    """Turn the new secret on by a code of it, and return recovery codes; shown once.

    Raises:
        SecondFactorRefused: none was begun, or too long ago. NotFresh, SignInRefused,
        SignInLocked.
    """
    require_fresh(session, at)
    owner = owner_of(session, desk)
    if not owner.is_begun(at):
        raise SecondFactorRefused("begin again: there is no new secret to confirm")
    forgive = count_code_guess(owner, at=at, desk=desk)
    digits = "".join(code.split())
    step = accepted_step(owner.new_secret, digits, step_of(Method.TOTP, at))
    if step is None:
        raise SignInRefused("the code is not right: is the phone's clock?")
    codes, hashes = _new_codes(owner, desk)
    after = replace(
        owner,
        totp_secret=owner.new_secret,
        new_secret=b"",
        new_until=None,
        is_totp_on=True,
        totp_step=step,
        recovery_hashes=hashes,
    )
    desk.owners.save(after, owner_record(owner, Deed.SECOND_FACTOR_ON, at, desk))
    forgive()
    return codes


def renew_recovery_codes(session: Session, *, at: datetime, desk: OwnerDesk) -> tuple[str, ...]:
    """Return new recovery codes; the old ones are good no more.

    Raises:
        NotFresh, SecondFactorMissing.
    """
    owner = require_guarded(session, at=at, desk=desk)
    codes, hashes = _new_codes(owner, desk)
    record = owner_record(owner, Deed.RECOVERY_CODES_MADE, at, desk)
    desk.owners.save(replace(owner, recovery_hashes=hashes), record)
    return codes


def require_guarded(session: Session, *, at: datetime, desk: OwnerDesk) -> Owner:
    """Return the owner of a session that may make keys, export and erase.

    Raises:
        NotFresh: sign in again. SecondFactorMissing: set one up first.
    """
    require_fresh(session, at)
    owner = owner_of(session, desk)
    if not owner.is_totp_on:
        raise SecondFactorMissing("set up a second factor first")
    return owner


def _new_codes(owner: Owner, desk: OwnerDesk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return recovery codes as they are shown, and their hashes."""
    drawn = [desk.keyring.new_pass_code()[-RECOVERY_SYMBOLS:] for _ in range(RECOVERY_CODES)]
    half = RECOVERY_SYMBOLS // 2
    codes = tuple(f"{one[:half]}-{one[half:]}" for one in drawn)
    return codes, tuple(recovery_hash(owner, one, desk.keyring) for one in codes)
