"""Make and recognise the codes of batches: what the keyring proves."""

from chalicelib.domain.code_batches import BatchCode, body_of, proof_of, proven, read_body
from chalicelib.domain.promo_codes import CodeBatch, PromoCode
from chalicelib.ports import Keyring

PURPOSE = "promo_code"


def code_of(merchant_id: str, batch: CodeBatch, index: int, keyring: Keyring) -> str:
    """Return the code of that number in a batch, folded, the prefix included."""
    parts = (merchant_id, batch.prefix, proven(batch.batch_id, index))
    proof_hex = keyring.fingerprint(PURPOSE, *parts)
    return batch.prefix + body_of(batch.batch_id, index, proof_hex)


def batch_code(merchant_id: str, text: str, keyring: Keyring) -> BatchCode | None:
    """Read a folded text as a code of the merchant's batches; None: the proof is wrong.

    Whether there is such a batch, and so long a one, the store knows.
    """
    found = read_body(text)
    if found is None:
        return None
    parts = (merchant_id, found.prefix, proven(found.batch_id, found.index))
    proof = proof_of(keyring.fingerprint(PURPOSE, *parts))
    return found if found.proof == proof else None


def code_in(batch: CodeBatch, found: BatchCode) -> PromoCode | None:
    """Return a proven code as one of the batch; None: its prefix is another, or its number."""
    if found.prefix != batch.prefix or found.index >= batch.count:
        return None
    return PromoCode(
        code=found.code,
        coupon_id=batch.coupon_id,
        max_uses=batch.max_uses,
        first=batch.first,
        last=batch.last,
        is_stopped=batch.is_stopped,
    )
