"""What a pass costs against one RSA-2048 signature: `python -m benchmarks.passes` prints JSON.

CPU time of this thread, pass and bare signature taken in turn. A busy neighbour slows Python,
which waits for memory, and not RSA, which does not: so the ratio is that of the lowest tenths,
what the code costs when it is left alone. WALLET's mark is 1.5 with one RSA operation.
"""

import json
from statistics import quantiles
from time import thread_time_ns
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from passes.apple import ApplePassSigner
from passes.card import Card
from passes.design import Design, default_design
from tests.passes.builders import WEB_SERVICE_URL, card
from tests.passes.certificates import PASS_TYPE, TEAM, make_authority
from tests.passes.counting_key import CountingKey

ROUNDS: Final = 1000
WARM_UP_ROUNDS: Final = 50
RATIO_MAX: Final = 1.5


def measure() -> dict[str, Any]:
    """Build passes and sign, in turn."""
    authority = make_authority()
    signer = ApplePassSigner(
        authority.certificate, authority.key, authority.wwdr, PASS_TYPE, TEAM
    )
    shown = card()
    design = default_design(shown.colours)
    size = len(signer.build(shown, design, web_service_url=WEB_SERVICE_URL))
    passes, signatures = [], []
    for _ in range(WARM_UP_ROUNDS + ROUNDS):
        passes.append(_cpu_of_a_pass(signer, shown, design))
        signatures.append(_cpu_of_a_signature(signer.private_key))
    return {
        "pass_cpu_us": _microseconds(passes),
        "rsa_2048_cpu_us": _microseconds(signatures),
        "ratio": round(_microseconds(passes) / _microseconds(signatures), 3),
        "ratio_max": RATIO_MAX,
        "rsa_operations": _rsa_operations(signer, shown, design),
        "bytes": size,
        "rounds": ROUNDS,
    }


def _cpu_of_a_pass(signer: ApplePassSigner, shown: Card, design: Design) -> int:
    start = thread_time_ns()
    signer.build(shown, design, web_service_url=WEB_SERVICE_URL)
    return thread_time_ns() - start


def _cpu_of_a_signature(key: RSAPrivateKey) -> int:
    start = thread_time_ns()
    key.sign(b"a manifest", padding.PKCS1v15(), hashes.SHA256())
    return thread_time_ns() - start


def _microseconds(nanoseconds: list[int]) -> float:
    lowest_tenth, *_ = quantiles(nanoseconds[WARM_UP_ROUNDS:], n=10)
    return round(lowest_tenth / 1000, 1)


def _rsa_operations(signer: ApplePassSigner, shown: Card, design: Design) -> int:
    signer.private_key = counting = CountingKey(signer.private_key)
    signer.build(shown, design, web_service_url=WEB_SERVICE_URL)
    return counting.operations


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
