"""Push phones, and do what Apple's answers ask for.

A push says only "ask": one too many does no harm, but Apple wants few, and a phone that is
woken in vain shows nothing. So each token is pushed once a call, a phone that has been told
is not told again because another of the same pass could not be, and one that Apple slows
down is left alone for a while.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import DevicePusher, DevicePushers, PassDevices, PushKind, PushOutcome
from chalicelib.usecases.funnel import FunnelDesk

TOKENS_MAX = 1_000  # in one call of a pusher
BACK_OFF = timedelta(minutes=5)  # of a token Apple has had too many pushes to (429)
TOO_MANY = 429

_NOT_TOLD = {PushKind.RETRY, PushKind.REFUSED}
_SLOWED = PushOutcome(PushKind.RETRY, TOO_MANY, "BackingOff")

log = logging.getLogger(__name__)

Phone = tuple[str, str]  # pass type, push token


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDesk:
    """The ports that reach the phones."""

    devices: PassDevices
    pushers: DevicePushers
    funnel: FunnelDesk | None = None  # None: nothing is counted


def push_phones(
    registrations: Mapping[DeviceRegistration, MemberRef], *, at: datetime, desk: PushDesk
) -> dict[DeviceRegistration, PushOutcome]:
    """Push every phone once, however many of the passes it holds; an outcome for each.

    Pushes are counted, of each merchant in one write.
    """
    is_slowed = {one: one.quiet_until is not None and at < one.quiet_until
                 for one in registrations}  # fmt: skip
    wanted: dict[str, dict[str, None]] = {}
    for one, is_quiet in is_slowed.items():
        if not is_quiet:
            wanted.setdefault(one.pass_type, {})[one.push_token] = None
    answers: dict[Phone, PushOutcome] = {}
    for pass_type, tokens in wanted.items():
        pushed = _push_all(list(tokens), desk.pushers.of(pass_type))
        answers |= {(pass_type, token): pushed[token] for token in tokens}
    _count(registrations, answers, at, desk.funnel)
    return {
        one: _SLOWED if is_quiet else answers[one.pass_type, one.push_token]
        for one, is_quiet in is_slowed.items()
    }


def settle_push(
    member: MemberRef,
    registration: DeviceRegistration,
    outcome: PushOutcome,
    *,
    at: datetime,
    desk: PushDesk,
) -> bool:
    """Do what an outcome asks for; whether the phone is told, or gone.

    A phone that is gone is forgotten; one that registered again since is kept.
    """
    if outcome.kind is PushKind.REFUSED:  # an alarm counts these: our certificate or request
        log.error("push refused", extra={"status": outcome.status, "reason": outcome.reason})
    if outcome.kind is PushKind.GONE:
        since = outcome.gone_since
        if since is None or registration.registered_at < since:
            day = desk.funnel.day(member.merchant_id, at) if desk.funnel else None
            desk.devices.forget(member, registration, day=day)
    if outcome.status == TOO_MANY and outcome is not _SLOWED:
        desk.devices.note(member, replace(registration, quiet_until=at + BACK_OFF))
    return outcome.kind not in _NOT_TOLD


def _count(
    registrations: Mapping[DeviceRegistration, MemberRef],
    answers: Mapping[Phone, PushOutcome],
    at: datetime,
    funnel: FunnelDesk | None,
) -> None:
    """Count each push once for every merchant it was for."""
    if funnel is None:
        return
    pushed: dict[str, dict[Phone, PushKind]] = {}
    for one, member in registrations.items():
        phone = (one.pass_type, one.push_token)
        if phone in answers:
            pushed.setdefault(member.merchant_id, {})[phone] = answers[phone].kind
    for merchant_id, kinds in pushed.items():
        funnel.note_pushes(merchant_id, kinds.values(), at)


def _push_all(tokens: list[str], pusher: DevicePusher) -> Mapping[str, PushOutcome]:
    outcomes: dict[str, PushOutcome] = {}
    for first in range(0, len(tokens), TOKENS_MAX):
        outcomes |= pusher.push_many(tokens[first : first + TOKENS_MAX])
    return outcomes
