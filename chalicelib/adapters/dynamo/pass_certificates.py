"""The `CertificateRecords` port: a record for each pass type, without any key.

| item        | pk             | sk          |                                    |
|-------------|----------------|-------------|------------------------------------|
| certificate | Z#{pass type}  | CERTIFICATE | whose it is, and when it ends      |
| its owner   | T#{merchant}   | CERTIFICATE | the pass type, and nothing else    |

| index | of          | hash | range                        |
|-------|-------------|------|------------------------------|
| due   | certificate | CERT | {moment of the next alarm}#{pass type} |

Apple's calls name a pass type and a push names no merchant: hence the record by type. Both
are written in one transaction. The operator's own has no second item.
"""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import HashAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import find, find_all, listed
from chalicelib.domain.pass_certificates import OPERATOR, PassCertificate
from chalicelib.ports import CommitConflict, Taken

_SK = "CERTIFICATE"
_DUE = "CERT"


class CertificateItem(Item, discriminator="k"):
    """A certificate, by its pass type; or, with its merchant, the pass type alone."""

    pass_type = UnicodeAttribute()
    merchant_id = UnicodeAttribute(null=True)  # none: the operator's
    team = UnicodeAttribute(null=True)
    subject = UnicodeAttribute(null=True)
    fingerprint = HashAttribute(null=True)
    expires_at = MomentAttribute(null=True)
    alarm_at = MomentAttribute(null=True)


class DynamoCertificateRecords:
    """Records in the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_merchant(self, merchant_id: str) -> PassCertificate | None:
        owner = find(CertificateItem, _owner_key(merchant_id))
        found = self.of_pass_type(owner.pass_type) if owner else None
        return found if found and found.merchant_id == merchant_id else None

    def of_pass_type(self, pass_type: str) -> PassCertificate | None:
        item = find(CertificateItem, _key(pass_type))
        return _certificate(item) if item else None

    def save(self, certificate: PassCertificate) -> None:
        transaction = Transaction(self._connection)
        merchant_id, pass_type = certificate.merchant_id, certificate.pass_type
        absent = CertificateItem.pk.does_not_exist()
        mine: Condition = CertificateItem.merchant_id == merchant_id
        if merchant_id == OPERATOR:
            mine = CertificateItem.merchant_id.does_not_exist()
        else:
            owner = CertificateItem(*_owner_key(merchant_id), pass_type=pass_type)
            same = CertificateItem.pass_type == pass_type
            transaction.put("owner", owner, absent | same)
        transaction.put("certificate", _item(certificate), absent | mine)
        try:
            transaction.commit()
        except Cancelled as error:
            raise Taken(merchant_id) from error

    def delete(self, certificate: PassCertificate) -> None:
        transaction = Transaction(self._connection)
        mine = CertificateItem.merchant_id == certificate.merchant_id
        absent = CertificateItem.pk.does_not_exist()
        item = CertificateItem(*_key(certificate.pass_type))
        transaction.delete("certificate", item, absent | mine)
        owner = CertificateItem(*_owner_key(certificate.merchant_id))
        same = CertificateItem.pass_type == certificate.pass_type
        transaction.delete("owner", owner, absent | same)
        try:
            transaction.commit()
        except Cancelled as error:  # another certificate came meanwhile
            raise CommitConflict("the certificate is another now") from error

    def due(self, at: datetime, limit: int = 100) -> tuple[PassCertificate, ...]:
        come = Item.due_sk <= keys.moment(at) + keys.AFTER
        rows = listed("due", _DUE, come, limit)
        found = find_all(CertificateItem, [(row.pk, _SK) for row in rows])
        by_pk = {item.pk: _certificate(item) for item in found}
        read = [by_pk[row.pk] for row in rows if row.pk in by_pk]
        return tuple(one for one in read if one.alarm_at is not None and one.alarm_at <= at)

    def move_alarm(self, certificate: PassCertificate, alarm_at: datetime | None) -> bool:
        item = CertificateItem(*_key(certificate.pass_type))
        actions: list[Action]
        if alarm_at is None:
            actions = [
                CertificateItem.alarm_at.remove(),
                CertificateItem.due.remove(),
                CertificateItem.due_sk.remove(),
            ]
        else:
            actions = [
                CertificateItem.alarm_at.set(alarm_at),
                CertificateItem.due.set(_DUE),
                CertificateItem.due_sk.set(_due_sk(alarm_at, certificate.pass_type)),
            ]
        is_read = (CertificateItem.fingerprint == certificate.fingerprint) & (
            CertificateItem.alarm_at == certificate.alarm_at
        )
        try:
            with store_errors():
                item.update(actions, is_read)
        except CommitConflict:
            return False
        return True


def _key(pass_type: str) -> keys.Key:
    return f"Z#{keys.part(pass_type)}", _SK


def _owner_key(merchant_id: str) -> keys.Key:
    return f"T#{keys.part(merchant_id)}", _SK


def _due_sk(alarm_at: datetime, pass_type: str) -> str:
    return f"{keys.moment(alarm_at)}#{keys.part(pass_type)}"


def _item(certificate: PassCertificate) -> CertificateItem:
    item = CertificateItem(
        *_key(certificate.pass_type),
        pass_type=certificate.pass_type,
        merchant_id=certificate.merchant_id or None,
        team=certificate.team,
        subject=certificate.subject,
        fingerprint=certificate.fingerprint,
        expires_at=certificate.expires_at,
        alarm_at=certificate.alarm_at,
    )
    if certificate.alarm_at is not None:
        item.due = _DUE
        item.due_sk = _due_sk(certificate.alarm_at, certificate.pass_type)
    return item


def _certificate(item: CertificateItem) -> PassCertificate:
    assert item.expires_at is not None, "a record by type has all of them"
    return PassCertificate(
        merchant_id=item.merchant_id or OPERATOR,
        pass_type=item.pass_type,
        team=item.team or "",
        subject=item.subject or "",
        fingerprint=item.fingerprint or "",
        expires_at=item.expires_at,
        alarm_at=item.alarm_at,
    )
