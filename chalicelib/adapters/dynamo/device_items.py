"""A phone's hold on a pass as three items, written and deleted with each other.

The one under the member answers "whom to push", the one under the device "what has changed
on this phone", which names no merchant; the one among the merchant's holders lets a new
design reach every phone page by page. Of a member who has gone only the one under the device
is left, so that the phone still learns that its pass is void.
"""

from typing import Any, NamedTuple

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Transaction
from chalicelib.adapters.dynamo.holder_keys import holder_key
from chalicelib.adapters.dynamo.items import Item, MomentAttribute
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration


class RegistrationItem(Item, discriminator="T"):
    """A phone that holds the member's pass."""

    device_id = UnicodeAttribute()
    pass_type = UnicodeAttribute()
    serial = UnicodeAttribute()
    push_token = UnicodeAttribute()
    registered_at = MomentAttribute()
    quiet_until = MomentAttribute(null=True)
    told = UnicodeAttribute(null=True)
    pass_id = UnicodeAttribute(null=True)


class DevicePassItem(Item, discriminator="V"):
    """A pass on a phone."""

    merchant_id = UnicodeAttribute()
    member_id = UnicodeAttribute()


class HolderItem(Item, discriminator="H"):
    """A pass in a wallet; without a device in Google's."""

    member_id = UnicodeAttribute()
    device_id = UnicodeAttribute(null=True)
    pass_type = UnicodeAttribute(null=True)
    serial = UnicodeAttribute(null=True)
    push_token = UnicodeAttribute(null=True)
    registered_at = MomentAttribute(null=True)


class PassOnDevice(NamedTuple):
    """What names a registration."""

    device_id: str
    pass_type: str
    serial: str

    @classmethod
    def of(cls, registration: DeviceRegistration) -> "PassOnDevice":
        """Return what names it."""
        return cls(registration.device_id, registration.pass_type, registration.serial)


def add_puts(
    write: Transaction, member: MemberRef, new: DeviceRegistration, *, is_new: bool
) -> None:
    """Write all three; what is said to be new must not be there, and what is not, must."""
    on_device = DevicePassItem(
        keys.device_pk(new.device_id, new.pass_type),
        new.serial,
        merchant_id=member.merchant_id,
        member_id=member.member_id,
    )
    values: dict[str, Any] = {
        "device_id": new.device_id,
        "pass_type": new.pass_type,
        "serial": new.serial,
        "push_token": new.push_token,
        "registered_at": new.registered_at,
    }
    of_member = RegistrationItem(
        *keys.registration_key(member, new.device_id), pass_id=new.pass_id or None, **values
    )
    holder = HolderItem(
        *holder_key(member, new.device_id), member_id=member.member_id, **values
    )
    write.put("device", on_device, None)
    is_free = RegistrationItem.pk.does_not_exist() | (RegistrationItem.serial != new.serial)
    is_known = RegistrationItem.serial == new.serial
    write.put("member", of_member, is_free if is_new else is_known)
    write.put("holder", holder, None)


def add_deletes(
    write: Transaction, member: MemberRef, gone: PassOnDevice, condition: Condition
) -> None:
    """Delete all three, if the one under the member is as `condition` wants."""
    device_id = gone.device_id
    on_device = DevicePassItem(keys.device_pk(device_id, gone.pass_type), gone.serial)
    of_member = RegistrationItem(*keys.registration_key(member, device_id))
    write.delete(f"device {device_id}", on_device)
    write.delete(f"member {device_id}", of_member, condition)
    write.delete(f"holder {device_id}", HolderItem(*holder_key(member, device_id)))


def add_silencing(
    write: Transaction, member: MemberRef, device_id: str, condition: Condition
) -> None:
    """Delete what a push is sent by; the device still lists the pass, and may fetch it."""
    of_member = RegistrationItem(*keys.registration_key(member, device_id))
    write.delete("member", of_member, condition)
    write.delete("holder", HolderItem(*holder_key(member, device_id)))


def registration_of(item: RegistrationItem) -> DeviceRegistration:
    """Return the registration of an item."""
    return DeviceRegistration(
        device_id=item.device_id,
        pass_type=item.pass_type,
        serial=item.serial,
        push_token=item.push_token,
        registered_at=item.registered_at,
        quiet_until=item.quiet_until,
        told=item.told or "",
        pass_id=item.pass_id or "",
    )
