"""Approvals: a manager allows at a cashier's till what a cashier may not, once."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.activations import Approval, ApprovalRefused, ApproverRefused
from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.sessions import Session
from chalicelib.usecases.pins import TillDesk, prove_pin


@dataclass(frozen=True, slots=True)
class Wish:
    """What a manager is asked to allow."""

    call: str  # method and path
    target: str = ""  # whom it is about, where the path does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A call that names an approval."""

    call: str  # method and path
    route: str  # the template of the path
    operation: str  # fingerprint: the same for a repeat of the same operation


def approve(
    session: Session, staff_id: str, pin: str, wish: Wish, *, at: datetime, desk: TillDesk
) -> Approval:
    """Let a manager allow one operation at this till, by their own PIN.

    Raises:
        PinWrong, PinLocked, ApproverRefused.
    """
    person = prove_pin(session, staff_id, pin, at=at, desk=desk)
    if not person.role.approves:
        raise ApproverRefused("a cashier cannot approve: ask a manager")
    approval = Approval(
        approval_id=desk.keyring.new_id("apr"),
        merchant_id=session.merchant_id,
        till_id=session.till_id,
        approver_id=person.staff_id,
        role=person.role,
        created_at=at,
        call=wish.call,
        target=wish.target,
    )
    desk.codes.approve(approval)
    return approval


def use_approval(
    session: Session,
    approval_id: str,
    attempt: Attempt,
    *,
    at: datetime,
    desk: TillDesk,
) -> Approval:
    """Return what allows the operation; it is good for that alone from now on.

    Raises:
        ApprovalRefused.
    """
    merchant_id, operation = session.merchant_id, attempt.operation
    found = desk.codes.approval(merchant_id, approval_id)
    if found is None or not found.allows(session.till_id, attempt.call, operation, at):
        raise ApprovalRefused("ask the manager again: an approval is good once, for 2 minutes")
    if found.used_for:
        return found
    record = AuditRecord(
        audit_id=desk.keyring.new_id("aud"),
        merchant_id=merchant_id,
        at=at,
        actor=found.approver_id,
        deed=Deed.APPROVAL_USED,
        subject=session.till_id,
        facts={"route": attempt.route, "for": session.staff_id or ""},
    )
    if not desk.codes.use(found, operation, record):
        again = desk.codes.approval(merchant_id, approval_id)  # perhaps by a repeat of this
        if again is None or again.used_for != operation:
            raise ApprovalRefused("the approval was used for something else meanwhile")
    return found
