"""The `PassHolders` port over the fake registrations."""

from chalicelib.domain.account import MemberRef
from chalicelib.domain.pass_holders import PassHolder
from tests.fakes.devices import FakePassDevices


class FakePassHolders:
    """Passes in wallets, of a test."""

    shards = 1

    def __init__(self, devices: FakePassDevices) -> None:
        self.in_google: set[MemberRef] = set()
        self._devices = devices

    def page(
        self, merchant_id: str, shard: int, after: str = "", limit: int = 1000
    ) -> tuple[tuple[PassHolder, ...], str]:
        """Return the next page; the cursor is the place of the last of this one."""
        rest = [one for one in self._all(merchant_id) if _place(one) > after]
        page = tuple(rest[:limit])
        return page, _place(page[-1]) if len(page) == limit else ""

    def count(self, merchant_id: str) -> int:
        """Return how many there are."""
        return len(self._all(merchant_id))

    def note_google(self, member: MemberRef) -> None:
        """Remember it."""
        self.in_google.add(member)

    def forget_google(self, member: MemberRef) -> None:
        """Forget it."""
        self.in_google.discard(member)

    def _all(self, merchant_id: str) -> list[PassHolder]:
        registered = self._devices.registrations.items()
        pushed = [held for key, held in registered if key not in self._devices.silent]
        on_phones = [PassHolder(*held) for held in pushed]
        found = [*on_phones, *map(PassHolder, self.in_google)]
        found.sort(key=_place)
        return [one for one in found if one.member.merchant_id == merchant_id]


def _place(holder: PassHolder) -> str:
    return f"{holder.member.member_id} {holder.registration}"
