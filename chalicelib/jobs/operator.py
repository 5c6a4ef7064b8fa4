"""What an operator does by hand: opens merchants, and gives their tills and shops keys.

No route leads here: whoever may invoke a function of the deployment may call these, and
nobody else (docs/DEPLOY.md). On one machine `/local/merchants` and `/local/keys` call them.
An answer has a `status` as HTTP has; a key is told once and never again.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalice import Blueprint

from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import Scope
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.templates import NAMES, template
from chalicelib.usecases.first_designs import publish_first_design
from chalicelib.usecases.merchants import add_key, merchant_of_program
from chalicelib.usecases.merchants import open_merchant as open_one
from chalicelib.usecases.write_once import merchant_of
from chalicelib.wiring import services
from passes.templates import template_design

operator = Blueprint(__name__)

TEXT_CHARS_MAX = 60
BAD_REQUEST, REFUSED = 400, 422


class BadWish(Exception):
    """The event cannot be read; the message says why."""


@operator.lambda_function()
def open_merchant(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Open a merchant with `{"template": "bakery"}` or `{"program": {…}}`.

    A template brings the design of its passes; else they have the default artwork.
    `merchant` (its id) and `name` if you like; without them an id is drawn, and the program's
    title is the name.
    """

    def opened() -> dict[str, Any]:
        _refuse_unknown(event, {"template", "program", "merchant", "name"})
        document, ports = _program(event), services()
        texts = {name: _text(event, name) for name in ("merchant", "name") if name in event}
        merchant = merchant_of_program(
            document,
            merchant_id=texts.get("merchant") or ports.keyring.new_id("mer"),
            name=texts.get("name", ""),
        )
        at = ports.clock.now()
        made = open_one(merchant, document, at=at, office=ports.office)
        design = template_design(str(event.get("template", "")))
        if design is not None:
            publish_first_design(
                made.merchant.merchant_id,
                design.document,
                design.artworks,
                at=at,
                desk=ports.design_desk,
            )
        return {
            "merchant": made.merchant.merchant_id,
            "till_key": made.till_key,
            "integration_key": made.integration_key,
        }

    return _answer(opened)


@operator.lambda_function()
def add_till(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Make a key: `{"merchant": …, "till": "till-2", "store": "north", "scopes": ["till"]}`.

    The till names its caller for ever, whichever key it holds; promotions may be for its
    store. Without `scopes` it is a till's key.
    """

    def added() -> dict[str, Any]:
        _refuse_unknown(event, {"merchant", "till", "store", "scopes"})
        merchant_id, till_id, store_id = (
            _text(event, name) for name in ("merchant", "till", "store")
        )
        scopes = _scopes(event.get("scopes", [Scope.TILL]))
        office = services().office
        merchant_of(merchant_id, office.merchants)
        key = add_key(merchant_id, till_id, scopes, store_id=store_id, office=office)
        return {
            "merchant": merchant_id,
            "till": till_id,
            "store": store_id,
            "scopes": sorted(scopes),
            "key": key,
        }

    return _answer(added)


def _answer(made: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"status": 201, **made()}
    except BadWish as error:
        return {"status": BAD_REQUEST, "code": "bad_input", "detail": str(error)}
    except InvalidProgram as error:
        faults = [{"pointer": path, "detail": words} for path, words in error.faults]
        return {
            "status": REFUSED,
            "code": error.code,
            "detail": str(error),
            "errors": faults,
        }
    except DomainError as error:  # an id that is taken, a merchant that is not there
        return {"status": REFUSED, "code": error.code, "detail": str(error)}


def _program(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the program of a new merchant: given, or that of a template."""
    given = event.get("program")
    if isinstance(given, dict) and "template" not in event:
        return given
    if "program" in event or "template" not in event:
        raise BadWish('name a program, {"program": {…}}, or one: {"template": "bakery"}')
    known = template(str(event["template"]))
    if known is None:
        raise BadWish("template: one of " + ", ".join(NAMES))
    return known.document


def _scopes(value: object) -> frozenset[Scope]:
    if isinstance(value, list) and value and set(map(str, value)) <= set(Scope):
        return frozenset(Scope(one) for one in value)
    raise BadWish("scopes: a list of " + ", ".join(Scope))


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    if isinstance(value, str) and 0 < len(value.strip()) == len(value) <= TEXT_CHARS_MAX:
        return value
    raise BadWish(f"{name}: a text of 1 to {TEXT_CHARS_MAX} characters")


def _refuse_unknown(event: Mapping[str, Any], known: set[str]) -> None:
    for name in event:
        if name not in known:
            raise BadWish(f"{name} is not known; one may send " + ", ".join(sorted(known)))
