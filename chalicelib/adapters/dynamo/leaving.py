"""What a member who goes leaves behind, as parts of the one transaction that ends it.

| part          | write         | condition                       |
|---------------|---------------|---------------------------------|
| profile       | update        | at the revision that was read   |
| heir          | put           | at the revision that was read   |
| each pointer  | delete or put | leads to this member, or is not |

The data key is in the sealed part alone, so that removing it ends the key. Language, day
of joining and revision stay: a pass's version counts revisions and must not fall.
"""

from collections.abc import Iterator

from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Transaction
from chalicelib.adapters.dynamo.pointers import PointerItem, pointer
from chalicelib.adapters.dynamo.promises import ProfileSeal
from chalicelib.domain.members import Leaving


def add_leaving(write: Transaction, leaving: Leaving, seal: ProfileSeal | None) -> None:
    """Add that a member's data is destroyed, and where its identifiers lead from now on."""
    from chalicelib.adapters.dynamo.members import ProfileItem  # lazy: needs cryptography

    gone, heir = leaving.profile, leaving.heir
    actions: list[Action] = [
        ProfileItem.sealed.remove(),
        ProfileItem.due.remove(),
        ProfileItem.due_sk.remove(),
        ProfileItem.revision.set(gone.revision + 1),
    ]
    item = ProfileItem(*keys.profile_key(gone.member))
    write.update("profile", item, actions, ProfileItem.revision == gone.revision)
    if heir is not None:
        assert seal is not None, "this ledger can write no profile"
        write.put("heir", seal(heir), ProfileItem.revision == heir.revision)
    is_own = (PointerItem.member_id == gone.member.member_id) | PointerItem.pk.does_not_exist()
    for number, (place, is_replaced) in enumerate(_places(leaving)):
        if heir is None:
            write.delete(f"pointer {number}", PointerItem(*place), is_own)
        else:
            led = pointer(place, heir.member, is_replaced=is_replaced)
            write.put(f"pointer {number}", led, is_own)


def _places(leaving: Leaving) -> Iterator[tuple[keys.Key, bool | None]]:
    """Yield where pointers lie, and whether they are those of replaced pass codes."""
    merchant_id = leaving.profile.member.merchant_id
    for phone_hash in leaving.phone_hashes:
        yield keys.phone_key(merchant_id, phone_hash), None
    for code in leaving.codes:
        yield keys.code_key(merchant_id, code), None
    for card_hash in leaving.card_hashes:
        yield keys.card_key(merchant_id, card_hash), None
    for code in leaving.replaced_codes:
        yield keys.code_key(merchant_id, code), True
