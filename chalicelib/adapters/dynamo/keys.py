"""Where every item of the one table lies: partition key, sort key, index keys.

| item         | pk                              | sk                                    |
|--------------|---------------------------------|---------------------------------------|
| account      | T#{merchant}#M#{member}         | ACC                                   |
| entry        | the same                        | E#{version:012}                       |
| profile      | the same                        | PROFILE                               |
| registration | the same                        | REG#{device}                          |
| holder       | T#{merchant}#H#{shard}          | {member}#A#{device}, {member}#G        |
| operation    | T#{merchant}#I#{client}#{key}   | I                                     |
| receipt      | T#{merchant}#R#{till}#{receipt} | R                                     |
| phone        | T#{merchant}#P#{hash}           | P                                     |
| pass code    | T#{merchant}#C#{code}           | C                                     |
| card         | T#{merchant}#K#{hash}           | K                                     |
| gift card    | T#{merchant}#G#{hash}           | G                                     |
| its entry    | the same                        | E#{version:012}                       |
| promo code   | T#{merchant}#N                  | {code}                                |
| code batch   | T#{merchant}#B                  | {batch}                               |
| coupon       | that of its member              | Q#{code}                              |
| confirmation | that of its member              | C#{id}; see confirmations.py          |
| phone change | that of its member              | PC#{id}; see phone_changes.py         |
| counter      | T#{merchant}#U#{name}           | ALL, or {YYYY-MM-DD}                  |
| of a member  | that of the member              | U#{name}                              |
| journal row  | T#{merchant}#J#{shard}          | {member}#{YYYY-MM-DD}#{till}#{receipt} |
| day-book row | T#{merchant}#Y#{YYYY-MM-DD}#{shard} | {moment}#{name}          |
| draw         | T#{merchant}#D                  | D#{draw}; see draws.py for the rest   |
| sign-up      | T#{merchant}#S#{id}             | S                                     |
| SMS          | T#{merchant}#O#{message}        | O                                     |
| taken SMS    | O#{route}#{operator id}         | O                                     |
| limit        | T#{merchant}#L#{name}#{subject} | {window}                              |
| prefix       | T#{merchant}#X#{prefix}         | X                                     |
| merchant     | T#{merchant}                    | MERCHANT                              |
| program      | T#{merchant}                    | PROGRAM#{version:06}, PROGRAM, DRAFT  |
| catalogue    | T#{merchant}                    | CATALOGUE                             |
| its pages    | T#{merchant}#A#{generation}#{page:04} | A                               |
| look         | T#{merchant}                    | LOOK; see pass_designs.py for the rest |
| image        | T#{merchant}#F#{image}          | F; see pass_image_items.py            |
| funnel       | T#{merchant}#FUNNEL             | {YYYY-MM-DD}#{shard}; see funnel_items.py |
| API key      | K#{hash}                        | K                                     |
| device       | D#{device}#{pass type}          | {serial}                              |

| index | of       | hash                    | range                             |
|-------|----------|-------------------------|-----------------------------------|
| due   | account  | DUE#{merchant}#{shard}  | {YYYY-MM-DD}#{member}             |
| due   | profile  | BD#{merchant}#{shard}   | {YYYY-MM-DD}#{member}             |
| due   | merchant | RUN                     | {moment}#{merchant}               |
| dirty | account  | PASS#{shard}            | {moment it became dirty}#{merchant}#{member} |
| dirty | SMS      | SMS                     | {moment}#{merchant}#{message}     |

A shard's due members stand in order of their date, so that catching up after an outage
is one query, oldest first. `#` and `%` inside a part are percent-encoded; a moment is
fixed-width UTC, so that text order is time order.
"""

from datetime import UTC, date, datetime
from urllib.parse import unquote
from zlib import crc32

from chalicelib.domain.account import MemberRef
from chalicelib.domain.limits import Counter
from chalicelib.domain.receipts import ReceiptKey

Key = tuple[str, str]  # pk, sk

DIRTY_SHARDS = 4  # partitions of the index of passes to push; never lowered on a live table
AFTER = "~"  # sorts after every character a part can begin with

ACCOUNT_SK = "ACC"
PROFILE_SK = "PROFILE"
ENTRY_PREFIX = "E#"
REGISTRATION_PREFIX = "REG#"
COUPON_PREFIX = "Q#"
RUN = "RUN"
SMS_DIRTY = "SMS"


def member_pk(member: MemberRef) -> str:
    """Return the partition of a member."""
    return f"T#{part(member.merchant_id)}#M#{part(member.member_id)}"


def account_key(member: MemberRef) -> Key:
    """Return where the account lies."""
    return member_pk(member), ACCOUNT_SK


def entry_key(member: MemberRef, version: int) -> Key:
    """Return where the ledger entry with that version lies."""
    return member_pk(member), entry_sk(version)


def entry_sk(version: int) -> str:
    """Return the sort key of a ledger entry: text order is version order."""
    return f"{ENTRY_PREFIX}{version:012d}"


def profile_key(member: MemberRef) -> Key:
    """Return where the profile lies."""
    return member_pk(member), PROFILE_SK


def registration_key(member: MemberRef, device_id: str) -> Key:
    """Return where a device's registration of the member's pass lies."""
    return member_pk(member), REGISTRATION_PREFIX + part(device_id)


def operation_key(merchant_id: str, client: str, key: str) -> Key:
    """Return where the idempotency record of a client's key lies."""
    return f"T#{part(merchant_id)}#I#{part(client)}#{part(key)}", "I"


def receipt_key(key: ReceiptKey) -> Key:
    """Return where a receipt lies."""
    return f"T#{part(key.merchant_id)}#R#{part(key.till_id)}#{part(key.receipt_id)}", "R"


def phone_key(merchant_id: str, phone_hash: str) -> Key:
    """Return where a phone points to its member."""
    return f"T#{part(merchant_id)}#P#{part(phone_hash)}", "P"


def code_key(merchant_id: str, code: str) -> Key:
    """Return where a pass code points to its member."""
    return f"T#{part(merchant_id)}#C#{part(code)}", "C"


def card_key(merchant_id: str, card_hash: str) -> Key:
    """Return where a plastic card points to its member."""
    return f"T#{part(merchant_id)}#K#{part(card_hash)}", "K"


def sign_up_key(merchant_id: str, sign_up_id: str) -> Key:
    """Return where a sign-up lies."""
    return f"T#{part(merchant_id)}#S#{part(sign_up_id)}", "S"


def sms_key(merchant_id: str, message_id: str) -> Key:
    """Return where an outgoing SMS lies."""
    return f"T#{part(merchant_id)}#O#{part(message_id)}", "O"


def taken_key(route: str, operator_id: str) -> Key:
    """Return where an operator's id of a message points to it; reports name no merchant."""
    return f"O#{part(route)}#{part(operator_id)}", "O"


def gift_card_key(merchant_id: str, code_hash: str) -> Key:
    """Return where a gift card lies."""
    return f"T#{part(merchant_id)}#G#{part(code_hash)}", "G"


def gift_card_entry_key(merchant_id: str, code_hash: str, version: int) -> Key:
    """Return where the entry of a gift card with that version lies."""
    return gift_card_key(merchant_id, code_hash)[0], entry_sk(version)


def promo_code_key(merchant_id: str, code: str) -> Key:
    """Return where a named promo code lies."""
    return f"T#{part(merchant_id)}#N", part(code)


def code_batch_key(merchant_id: str, batch_id: str) -> Key:
    """Return where a batch of promo codes lies."""
    return f"T#{part(merchant_id)}#B", part(batch_id)


def coupon_key(member: MemberRef, code: str) -> Key:
    """Return where a member's coupon lies."""
    return member_pk(member), COUPON_PREFIX + part(code)


def counter_key(merchant_id: str, counter: Counter) -> Key:
    """Return where a counter lies: a member's own is with the member."""
    if counter.member_id is not None:
        member = MemberRef(merchant_id, counter.member_id)
        return member_pk(member), f"U#{part(counter.name)}"
    window = counter.day.isoformat() if counter.day else "ALL"
    return f"T#{part(merchant_id)}#U#{part(counter.name)}", window


def limit_key(merchant_id: str, name: str, subject: str, window: str) -> Key:
    """Return where a limit's counter lies."""
    return f"T#{part(merchant_id)}#L#{part(name)}#{part(subject)}", window


def prefix_key(merchant_id: str, prefix: str) -> Key:
    """Return where the record of a prefix of phone numbers lies."""
    return f"T#{part(merchant_id)}#X#{part(prefix)}", "X"


def merchant_key(merchant_id: str) -> Key:
    """Return where a merchant lies."""
    return f"T#{part(merchant_id)}", "MERCHANT"


def program_key(merchant_id: str, version: int | None = None) -> Key:
    """Return where a published program lies; the latest without a version."""
    return f"T#{part(merchant_id)}", "PROGRAM" if version is None else f"PROGRAM#{version:06d}"


def draft_key(merchant_id: str) -> Key:
    """Return where the draft of a merchant's program lies."""
    return f"T#{part(merchant_id)}", "DRAFT"


def api_key_key(key_hash: str) -> Key:
    """Return where an API key lies; its hash is unique among all merchants."""
    return f"K#{part(key_hash)}", "K"


def device_pk(device_id: str, pass_type: str) -> str:
    """Return the partition of a device's passes of one type; `sk` is the serial."""
    return f"D#{part(device_id)}#{part(pass_type)}"


def shard_of(member_id: str, shards: int) -> int:
    """Return the index shard of a member; the same in every process, for ever."""
    return crc32(member_id.encode()) % shards


def due_accounts(merchant_id: str, shard: int) -> str:
    """Return the index partition of a merchant's due accounts."""
    return f"DUE#{part(merchant_id)}#{shard}"


def due_anniversaries(merchant_id: str, shard: int) -> str:
    """Return the index partition of a merchant's due profiles."""
    return f"BD#{part(merchant_id)}#{shard}"


def due_member_sk(day: date, member_id: str) -> str:
    """Return the place of a member within its due shard."""
    return f"{day.isoformat()}#{part(member_id)}"


def due_run_sk(at: datetime, merchant_id: str) -> str:
    """Return the place of a merchant among the scheduled runs."""
    return f"{moment(at)}#{part(merchant_id)}"


def dirty_passes(shard: int) -> str:
    """Return the index partition of accounts whose passes were not told yet."""
    return f"PASS#{shard}"


def dirty_sk(at: datetime, merchant_id: str, subject_id: str) -> str:
    """Return the place of a member or message among the dirty ones."""
    return f"{moment(at)}#{part(merchant_id)}#{part(subject_id)}"


def member_of(pk: str) -> MemberRef:
    """Return whose partition it is.

    >>> member_of("T#roastery#M#mem_1")
    MemberRef(merchant_id='roastery', member_id='mem_1')
    """
    _, merchant_id, _, member_id = pk.split("#")
    return MemberRef(unquote(merchant_id), unquote(member_id))


def receipt_of(pk: str) -> ReceiptKey:
    """Return whose receipt lies there.

    >>> receipt_of("T#roastery#R#store-12#r%231")
    ReceiptKey(merchant_id='roastery', till_id='store-12', receipt_id='r#1')
    """
    _, merchant_id, _, till_id, receipt_id = pk.split("#")
    return ReceiptKey(unquote(merchant_id), unquote(till_id), unquote(receipt_id))


def gift_card_of(pk: str) -> tuple[str, str]:
    """Return whose gift card lies there: merchant and hash of the code.

    >>> gift_card_of("T#roastery#G#ab12")
    ('roastery', 'ab12')
    """
    _, merchant_id, _, code_hash = pk.split("#")
    return unquote(merchant_id), unquote(code_hash)


def last_parts(text: str) -> tuple[str, str]:
    """Return the last two parts of a key: (merchant, message) of a dirty SMS.

    >>> last_parts("2026-11-21T09:00:00.000000Z#roastery#sms_1")
    ('roastery', 'sms_1')
    """
    _, merchant_id, subject_id = text.rsplit("#", 2)
    return unquote(merchant_id), unquote(subject_id)


def moment(at: datetime) -> str:
    """Return a moment as fixed-width UTC text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def part(text: str) -> str:
    """Return a part of a key, encoded where it would divide it."""
    if "#" in text or "%" in text:
        return text.replace("%", "%25").replace("#", "%23")
    return text
