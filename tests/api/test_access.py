"""Who may call what: every endpoint, every kind of credential, every foreign id."""

from datetime import timedelta
from pathlib import Path

import pytest

import app  # noqa: F401  registers every endpoint
from chalicelib.api.endpoint import ENDPOINTS, Endpoint
from chalicelib.api.exchange import Access
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.wiring import services
from passes import artwork
from tests.api.caller import Answer, Caller
from tests.api.shop import PROGRAM, Shop, new_phone

ICON = (Path(artwork.__file__).parent / "icon@3x.png").read_bytes()
GUARDED = [one for one in ENDPOINTS if one.access != Access() and one.access.face is None]
FACES = [one for one in ENDPOINTS if one.access.face]


def _hold(shop: Shop) -> str:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 5)
    body = {"member_id": member_id, "points": 5}
    return shop.till.post("/v1/holds", body).json["id"]


def _sku(shop: Shop) -> str:
    shop.office.put_csv("/v1/catalogue", "sku,category,margin\nC-1,coffee,\n")
    return "C-1"


PERSON = {"name": "Vera", "role": "cashier", "pin": "4071"}


def _till(shop: Shop) -> str:
    store_id = shop.office.post("/v1/stores", {"name": "North"}).json["store_id"]
    body = {"store_id": store_id, "name": "Till"}
    return shop.office.post("/v1/tills", body).json["till_id"]


DRAW = {
    "title": "June",
    "opens": "2026-06-01",
    "closes": "2026-06-30",
    "prizes": [{"name": "A bicycle", "count": 1}],
    "entries": {"per": "member"},
}


def _dry_run(shop: Shop) -> str:
    draft = shop.office.get("/v1/program").json
    return shop.office.post("/v1/program/dry-runs", {"draft": draft}).json["id"]


def _with_coupon(shop: Shop) -> Caller:
    program = {**PROGRAM, "coupons": [{"id": "spring", "discount_percent": 10}]}
    shop.office.call("PUT", "/v1/program/draft", program)
    shop.office.post("/v1/program/draft/publish")
    return shop.office


def _promo_code(shop: Shop) -> str:
    body = {"code": "SPRING10", "coupon": "spring"}
    return _with_coupon(shop).post("/v1/promo-codes", body).json["code"]


def _code_batch(shop: Shop) -> str:
    body = {"coupon": "spring", "count": 1}
    return _with_coupon(shop).post("/v1/promo-code-batches", body).json["id"]


def _image(shop: Shop) -> str:
    headers = {"Content-Type": "image/png"}
    path = "/v1/pass-images?use=icon"
    return shop.office.call("POST", path, raw=ICON, headers=headers).json["id"]


def _confirmation(shop: Shop) -> str:
    phone = new_phone()
    body = {"member_id": shop.join(phone)["member_id"], "method": "sms"}
    clock = services().clock
    clock.set(clock.now() + timedelta(seconds=61))  # a phone gets a code a minute
    return shop.till.post("/v1/confirmations", body).json["id"]


def _change(shop: Shop) -> str:
    member_id = shop.join()["member_id"]
    body = {"phone": new_phone()}
    return shop.office.post(f"/v1/members/{member_id}/phone-changes", body).json["id"]


def _conflict(shop: Shop) -> str:
    purchase = shop.sale("mem_nobody")
    body = {"items": [{"idempotency_key": "k", "purchase": purchase}]}
    shop.till.post("/v1/purchase-batches", body)
    return shop.office.get("/v1/offline-conflicts").json["items"][0]["id"]


FOREIGN_IDS = {
    "store_id": lambda shop: shop.office.post("/v1/stores", {"name": "North"}).json["store_id"],
    "till_id": _till,
    "staff_id": lambda shop: shop.office.post("/v1/staff", PERSON).json["staff_id"],
    "change_id": _change,
    "image_id": _image,
    "confirmation_id": _confirmation,
    "value": lambda _: "C-1",
    "sku": _sku,
    "member_id": lambda shop: shop.join()["member_id"],
    "purchase_id": lambda shop: shop.till.post("/v1/purchases", shop.sale(None)).json["id"],
    "hold_id": _hold,
    "conflict_id": _conflict,
    "draw_id": lambda shop: shop.office.post("/v1/draws", DRAW).json["id"],
    "job_id": _dry_run,
    "promo_code": _promo_code,
    "batch_id": _code_batch,
    "code": lambda shop: shop.till.post("/v1/gift-cards", {"amount_minor": 1}).json["code"],
    "gift_card_id": lambda _: "gft_1",
    "top_up_id": lambda _: "gft_1.2",
}
BODIES = {
    "put_store": {"name": "South"},
    "post_store": {"name": "South"},
    "post_till": {"store_id": "store-1", "name": "Till"},
    "patch_till": {"name": "Till"},
    "patch_staff": {"name": "Eve"},
    "post_staff": {"name": "Eve", "role": "cashier"},
    "post_dry_run": {},
    "post_offline_conflict_settle": {"note": "points given by hand"},
    "post_return": {"return_id": "t1", "all": True},
    "post_return_quote": {"all": True},
    "post_void": {"reason": "mistake"},
    "post_attach": {"member_id": "mem_1", "total_minor": 10_000},
    "post_move": {"member_id": "mem_1", "reason": "mistake"},
    "post_gift_card": {"amount_minor": 1},
    "post_gift_card_payment": {"amount_minor": 1},
    "post_gift_card_void": {"reason": "mistake"},
    "post_gift_card_top_up": {"amount_minor": 1},
    "post_gift_card_top_up_void": {"reason": "mistake"},
    "post_action": {"action": "review"},
    "post_draw": DRAW,
    "post_draw_draw": {},
    "post_grant_batch": {"points": 1, "reason": "gift", "members": [{"member_id": "mem_1"}]},
    "post_promo_code": {"code": "SPRING10", "coupon": "spring"},
    "post_code_batch": {"coupon": "spring", "count": 1},
    "post_coupon": {"coupon": "spring", "pay": "none"},
    "post_my_coupon": {"coupon": "spring"},
    "post_grant": {"points": 1, "reason": "gift"},
    "put_apple_certificate": {
        "certificate_pem": "-",
        "key_pem": "-",
        "team_identifier": "A1B2C3D4E5",
        "pass_type_identifier": "pass.example.bakery",
    },
    "post_tier_override": {"tier": "Gold", "days": 1, "reason": "gift"},
    "put_segments": {"segments": ["vip"]},
    "patch_member": {"name": "Eve"},
    "post_member": {"phone": "+79990000000", "language": "ru"},
    "post_identifier": {"type": "card", "value": "C-1"},
    "post_confirmation": {"member_id": "mem_1", "method": "sms"},
    "post_sent_code": {"code": "123456"},
    "post_my_gift_card": {"code": "CCAZ-8R3P-FBQX-0GXJ-9"},
    "post_my_receipt": {"receipt_id": "r1", "total_minor": 1},
    "post_my_phone_change": {"phone": "+79160000001"},
    "post_my_change_codes": {"new_code": "123456"},
    "post_phone_change": {"phone": "+79160000001"},
    "post_phone_change_approval": {"evidence": "passport"},
    "post_my_confirmation": {"purpose": "erase"},
    "post_my_sent_code": {"code": "123456"},
    "post_merge": {"other_member_id": "mem_1", "reason": "mistake"},
}
QUERIES = {
    "get_members": "?code=L1",
    "delete_member": "?reason=mistake",
    "delete_me": "?confirm=erase",
}


def _name(one: Endpoint) -> str:
    return f"{one.method} {one.path}"


def _ask(caller: Caller, one: Endpoint, path: str) -> Answer:
    headers = {"Idempotency-Key": "k1"} if one.is_keyed else {}
    path += QUERIES.get(one.name, "")
    return caller.call(one.method, path, BODIES.get(one.name), headers=headers)


@pytest.mark.parametrize("one", GUARDED, ids=_name)
@pytest.mark.parametrize(
    "credential",
    [None, "", "lk_live_x_y", "mt_shop.mem_1.x", "mt_..", "Basic x", "ключ", "x" * 600],
)
def test_no_good_credential_is_401(anybody: Caller, one: Endpoint, credential) -> None:
    caller = Caller(anybody.client, credential)

    answer = _ask(caller, one, one.path.replace("{", "").replace("}", ""))

    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("one", FACES, ids=_name)
def test_no_key_stands_in_for_a_session(shop: Shop, one: Endpoint) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}

    answer = shop.office.call(one.method, one.path, BODIES.get(one.name), headers=headers)

    assert (answer.status, answer.code) == (401, "session_missing")


@pytest.mark.parametrize("one", [one for one in FACES if one.method != "GET"], ids=_name)
def test_a_session_is_asked_for_by_our_own_pages_only(shop: Shop, one: Endpoint) -> None:
    answer = shop.office.call(one.method, one.path, BODIES.get(one.name))

    assert (answer.status, answer.code) == (403, "csrf_refused")


@pytest.mark.parametrize("one", [one for one in GUARDED if one.access.scopes], ids=_name)
def test_a_key_without_the_scope_is_403(shop: Shop, one: Endpoint) -> None:
    others = frozenset(Scope) - one.access.scopes
    key, key_hash = services().keyring.new_api_key()
    services().api_keys.add(key_hash, ApiKey("k", shop.merchant_id, "t", "s", others))

    answer = _ask(Caller(shop.client, key), one, one.path.replace("{", "").replace("}", ""))

    assert (answer.status, answer.code) == (403, "scope_missing")


def test_a_revoked_key_is_401(shop: Shop) -> None:
    key, key_hash = services().keyring.new_api_key()
    scopes = frozenset(Scope)
    revoked = ApiKey("k", shop.merchant_id, "t", "s", scopes, is_revoked=True)
    services().api_keys.add(key_hash, revoked)

    assert Caller(shop.client, key).get("/v1/program").status == 401


def test_a_member_token_opens_nothing_of_a_till(shop: Shop) -> None:
    token = shop.join()["member_token"]

    assert Caller(shop.client, token).get("/v1/program").status == 401


def test_a_till_key_is_no_member(shop: Shop) -> None:
    assert shop.till.get("/v1/me").status == 401


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_member_token_opens_nothing(shop: Shop, part: int) -> None:
    parts = shop.join()["member_token"].removeprefix("mt_").split(".")
    parts[part] = parts[part][:-1] + ("A" if parts[part][-1] != "A" else "B")

    answer = Caller(shop.client, f"mt_{'.'.join(parts)}").get("/v1/me")

    assert answer.status == 401


@pytest.mark.parametrize(
    "one",
    [
        one
        for one in GUARDED
        if one.access.scopes and any(f"{{{name}}}" in one.path for name in FOREIGN_IDS)
    ],
    ids=_name,
)
def test_another_merchants_id_is_404(shop: Shop, other_shop: Shop, one: Endpoint) -> None:
    path = one.path
    stranger = other_shop.office
    if one.access.is_member:
        stranger = Caller(other_shop.client, other_shop.join()["member_token"])
    for name, make in FOREIGN_IDS.items():
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", make(shop))

    answer = _ask(stranger, one, path)

    assert answer.status == 404
    assert answer.code.endswith("not_found")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/quotes", {"channel": "offline", "total_minor": 1}),
        ("/v1/purchases", {"channel": "offline", "total_minor": 1, "receipt_id": "r1"}),
        ("/v1/redemptions", {"points": 1, "reason": "mug"}),
        ("/v1/holds", {"points": 1}),
    ],
)
def test_another_merchants_member_in_a_body_is_404(
    shop: Shop, other_shop: Shop, path: str, body: dict
) -> None:
    member_id = shop.join()["member_id"]
    shop.give(member_id, 5)

    answer = other_shop.till.post(path, {**body, "member_id": member_id})

    assert (answer.status, answer.code) == (404, "member_not_found")


def test_another_merchants_receipts_are_not_listed(shop: Shop, other_shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    shop.till.post("/v1/purchases", shop.sale(member_id))

    by_number = other_shop.till.get("/v1/purchases?receipt_id=r1")
    by_member = other_shop.till.get(f"/v1/purchases?member_id={member_id}")

    assert by_number.json["items"] == []
    assert (by_member.status, by_member.code) == (404, "member_not_found")


def test_another_merchants_hold_cannot_be_captured(shop: Shop, other_shop: Shop) -> None:
    hold_id = _hold(shop)
    member_id = other_shop.join()["member_id"]

    answer = other_shop.till.post("/v1/purchases", shop.sale(member_id, hold_id=hold_id))

    assert (answer.status, answer.code) == (404, "hold_not_found")


def test_a_codes_member_is_found_by_its_own_merchant_only(shop: Shop, other_shop: Shop) -> None:
    member_id = shop.join()["member_id"]
    code = shop.office.get(f"/v1/members/{member_id}").json["identifiers"][0]["value"]

    assert other_shop.till.post("/v1/lookups", {"code": code}).status == 404
