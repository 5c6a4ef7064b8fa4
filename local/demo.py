"""The demo merchant of a fresh data folder, and `demo.json`, which says how to use it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.adapters.private_files import write_private
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import read_program
from local.environment import DEMO_MERCHANT
from local.product import OpenedMerchant, Product

NAME = "Пекарня «Колос»"
DESIGN = "bakery"
PROGRAM = Path(__file__).with_name("demo_program.json")


def ensure_demo(
    product: Product, folder: Path, *, base_url: str, pass_ca: Path
) -> Mapping[str, Any]:
    """Open the demo merchant the first time; afterwards only the address may change."""
    path = folder / "demo.json"
    here = {"base_url": base_url, "pass_ca": str(pass_ca.resolve())}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if isinstance(found, dict) and found.get("merchant"):
        demo = {**found, **here}
    else:
        program = json.loads(PROGRAM.read_text(encoding="utf-8"))
        opened = _open(product, program)
        demo = {
            **here,
            "merchant": opened.merchant,
            "till_key": opened.till_key,
            "integration_key": opened.integration_key,
            "staff": [],
        }
    if demo != found:
        write_private(path, json.dumps(demo, indent=2))
    return demo


def demo_program() -> Program:
    """Return the demo merchant's program, as it is published first."""
    return read_program(json.loads(PROGRAM.read_text(encoding="utf-8")), 1)


def _open(product: Product, program: Mapping[str, Any]) -> OpenedMerchant:
    """Open the demo merchant; under another id if the table has one whose keys are lost."""
    from chalicelib.usecases.merchants import MerchantTaken

    try:
        return product.open_merchant(program, DEMO_MERCHANT, NAME, DESIGN)
    except MerchantTaken:
        return product.open_merchant(program, "", NAME, DESIGN)
