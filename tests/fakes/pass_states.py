"""The `PassStates` port over the other fakes."""

from collections.abc import Collection

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.pass_designs import pass_version
from chalicelib.domain.pass_holders import PassState
from tests.fakes.ledger import FakeLedger
from tests.fakes.members import FakeMembers
from tests.fakes.pass_designs import FakePassDesigns


class FakePassStates:
    """How the passes of a test stand."""

    def __init__(
        self, ledger: FakeLedger, members: FakeMembers, designs: FakePassDesigns
    ) -> None:
        self._ledger, self._members, self._designs = ledger, members, designs

    def states_of(self, members: Collection[MemberRef]) -> dict[MemberRef, PassState]:
        """Add the counters up."""
        found = {}
        for member in members:
            account = self._ledger.account(member)
            if account is None:
                continue
            profile = self._members.profile(member)
            version = pass_version(
                account.pass_version,
                profile.revision if profile else self._members.left.get(member, 0),
                self._designs.look(member.merchant_id).revision,
            )
            is_void = account.status is not MemberStatus.ACTIVE
            gone = self._members.left_removed.get(member, ())
            removed = profile.removed_passes if profile else gone
            found[member] = PassState(version, is_void, frozenset(removed))
        return found
