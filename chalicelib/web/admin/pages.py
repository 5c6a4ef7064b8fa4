"""The addresses of the office, and the module and function behind each.

Modules are imported when their page is first asked for: a till's call, on the same Lambda
function, should not wait for what draws the office.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.parsing import TextBody

admin = Blueprint(__name__)

FORM_BYTES_MAX: Final = 4_500_000  # all that a function takes: a large picture is told so
# What a form may be; `forms.py` judges each kind by its own limits.
FORM: Final = TextBody(
    "application/x-www-form-urlencoded",
    FORM_BYTES_MAX,
    others=("multipart/form-data",),
    is_binary=True,
)


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the office."""

    method: str
    path: str
    place: str  # module.function
    is_open: bool = False  # to somebody who is not signed in
    is_fresh: bool = False  # only a few minutes after the password was typed


def _opens(method: str, path: str, place: str) -> Route:
    return Route(method, path, place, is_open=True)


ROUTES: Final = (
    _opens("GET", "/admin/sign-up", "signing_up.show"),
    _opens("POST", "/admin/sign-up", "signing_up.post"),
    _opens("GET", "/admin/sign-in", "signing_in.show"),
    _opens("POST", "/admin/sign-in", "signing_in.post"),
    _opens("GET", "/admin/sign-in/code", "signing_in.show_code"),
    _opens("POST", "/admin/sign-in/code", "signing_in.post_code"),
    _opens("GET", "/admin/forgotten", "forgotten.show"),
    _opens("POST", "/admin/forgotten", "forgotten.post"),
    _opens("GET", "/admin/new-password/{link}", "forgotten.show_new"),
    _opens("POST", "/admin/new-password/{link}", "forgotten.post_new"),
    Route("POST", "/admin/sign-out", "security.sign_out"),
    Route("GET", "/admin/confirm", "security.show_confirm"),
    Route("POST", "/admin/confirm", "security.post_confirm"),
    Route("GET", "/admin/security", "security.show"),
    Route("GET", "/admin/security/second-factor", "second_factor.show", is_fresh=True),
    Route("POST", "/admin/security/second-factor", "second_factor.post", is_fresh=True),
    Route("POST", "/admin/security/recovery-codes", "second_factor.renew", is_fresh=True),
    Route("POST", "/admin/security/password", "security.post_password"),
    Route("POST", "/admin/security/sign-out-everywhere", "security.sign_out_everywhere"),
    Route("GET", "/admin", "home.show"),
    Route("GET", "/admin/members", "members.show"),
    Route("GET", "/admin/members/{member_id}", "member_page.show"),
    Route("POST", "/admin/members/{member_id}/grants", "member_deeds.grant", is_fresh=True),
    Route("POST", "/admin/members/{member_id}/phone", "member_phone.begin"),
    Route("POST", "/admin/members/{member_id}/phone/{change_id}", "member_phone.approve"),
    Route(
        "POST",
        "/admin/members/{member_id}/phone/{change_id}/merge",
        "member_phone.merge",
        is_fresh=True,
    ),
    Route("GET", "/admin/members/{member_id}/erase", "member_deeds.show_erase", is_fresh=True),
    Route("POST", "/admin/members/{member_id}/erase", "member_deeds.erase", is_fresh=True),
    Route("GET", "/admin/operations", "operations.show"),
    Route("GET", "/admin/attention", "attention.show"),
    Route("POST", "/admin/attention/conflicts/{conflict_id}", "attention.settle"),
    Route("POST", "/admin/attention/debts/{member_id}", "attention.forgive"),
    Route("GET", "/admin/program", "program.show"),
    Route("GET", "/admin/program/templates", "program_templates.show"),
    Route("POST", "/admin/program/templates", "program_templates.post"),
    Route("GET", "/admin/program/edit", "program_editor.show"),
    Route("POST", "/admin/program/edit", "program_editor.post"),
    Route("GET", "/admin/program/document", "program_document.show"),
    Route("POST", "/admin/program/document", "program_document.post"),
    Route("GET", "/admin/program/draft", "program_draft.show"),
    Route("POST", "/admin/program/draft", "program_draft.publish"),
    Route("GET", "/admin/design", "design.show"),
    Route("POST", "/admin/design", "design.post"),
    Route("POST", "/admin/design/preview", "design.preview"),
    Route("POST", "/admin/design/publish", "design.publish"),
    Route("GET", "/admin/posters", "posters.show"),
    Route("GET", "/admin/messages", "messages.show"),
    Route("POST", "/admin/messages", "messages.post"),
    Route("GET", "/admin/stores", "stores.show"),
    Route("POST", "/admin/stores", "stores.add"),
    Route("POST", "/admin/stores/{store_id}", "stores.change"),
    Route("POST", "/admin/stores/{store_id}/tills", "tills.add"),
    Route("GET", "/admin/tills/{till_id}", "tills.show"),
    Route("POST", "/admin/tills/{till_id}", "tills.change"),
    Route("POST", "/admin/tills/{till_id}/code", "tills.invite"),
    Route("POST", "/admin/tills/{till_id}/unbind", "tills.unbind"),
    Route("GET", "/admin/staff", "staff.show"),
    Route("POST", "/admin/staff", "staff.add", is_fresh=True),
    Route("POST", "/admin/staff/{staff_id}/pin", "staff.reset_pin", is_fresh=True),
    Route("POST", "/admin/staff/{staff_id}", "staff.change", is_fresh=True),
    Route("GET", "/admin/keys", "keys.show"),
    Route("POST", "/admin/keys", "keys.add", is_fresh=True),
    Route("POST", "/admin/keys/{key_id}/revoke", "keys.revoke", is_fresh=True),
    Route("GET", "/admin/audit", "audit.show"),
)


def function_of(route: Route) -> Callable[..., Answer]:
    """Return what answers a route."""
    module, _, name = route.place.partition(".")
    found: Callable[..., Answer] = getattr(
        import_module(f"chalicelib.web.admin.{module}"), name
    )
    return found


_PAGES: Final = tuple(route.path.split("/") for route in ROUTES if route.method == "GET")
# Asked for by hand, or by going back: they lead to the page that has the form.
BACK: Final = tuple(
    Route("GET", route.path, "frame.lead_back")
    for route in ROUTES
    if route.method == "POST" and route.path.split("/") not in _PAGES
)


def page_of(path: str) -> str:
    """Return the page that a form's address belongs to.

    >>> page_of("/admin/members/mem_1/grants")
    '/admin/members/mem_1'
    """
    parts = path.split("/")
    while parts and not any(_fits(names, parts) for names in _PAGES):
        parts.pop()
    return "/".join(parts) or "/admin"


def _fits(names: list[str], parts: list[str]) -> bool:
    return len(names) == len(parts) and all(
        name.startswith("{") or name == part for name, part in zip(names, parts, strict=True)
    )


def _register(route: Route) -> None:
    def view(call: Call[Any], **parts: str) -> Answer:
        from chalicelib.web.admin.frame import answer  # lazy: see above

        return answer(route, call, parts)

    view.__name__ = f"{route.method.lower()}_admin_{route.place.replace('.', '_')}"
    endpoint(
        admin,
        route.method,
        route.path,
        summary="A page of the office.",
        tag="Pages",
        text=FORM if route.method == "POST" else None,
        answers={200: None},
        is_documented=False,
    )(view)


for _route in (*ROUTES, *BACK):
    _register(_route)
