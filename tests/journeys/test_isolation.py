"""A merchant learns and changes nothing of another's: every endpoint × foreign id (P16).

The calls are made from the committed API document, so that a new endpoint is not forgotten.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.calling import Answer, Service, new_key
from tests.journeys.shop import Joined, Shop, open_shop, sale
from tests.journeys.wallet import PASS_TYPE

ROOT = Path(__file__).parents[2]
PATHS = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, methods in PATHS.items()
    for method, operation in methods.items()
}
ICON = (ROOT / "passes" / "artwork" / "icon@3x.png").read_bytes()
TODAY = datetime.now(UTC).date()
DRAW = {
    "title": "A draw",
    "opens": TODAY.isoformat(),
    "closes": (TODAY + timedelta(days=30)).isoformat(),
    "prizes": [{"name": "A bicycle", "count": 1}],
    "entries": {"per": "member"},
}
PART = {"channel": "offline", "total_minor": 10_000}
# Names in capitals stand for ids of another merchant; `OWN` for the caller's own.
BODIES: dict[str, dict[str, Any]] = {
    "put_store": {"name": "South"},
    "patch_till": {"is_active": False},
    "patch_staff": {"name": "Eve", "pin": "4071"},
    "patch_member": {"name": "Eve"},
    "post_action": {"action": "review"},
    "post_confirmation": {"member_id": "MEMBER", "method": "sms"},
    "post_sent_code": {"code": "123456"},
    "post_coupon": {"coupon": "spring", "pay": "none"},
    "post_attach": {"member_id": "OWN", "total_minor": 10_000},
    "post_draw_draw": {},
    "post_gift_card_payment": {"amount_minor": 1},
    "post_gift_card_void": {"reason": "a mistake"},
    "post_gift_card_top_up": {"amount_minor": 1},
    "post_gift_card_top_up_void": {"reason": "a mistake"},
    "post_grant": {"points": 10, "reason": "a gift"},
    "post_hold": {"member_id": "MEMBER", "points": 1},
    "post_identifier": {"type": "card", "value": "C-1"},
    "post_lookup": {"phone": "PHONE"},
    "post_offline_conflict_settle": {"note": "seen"},
    "post_merge": {"other_member_id": "OWN", "reason": "a mistake"},
    "post_move": {"member_id": "OWN", "reason": "a mistake"},
    "post_phone_change": {"phone": "+79160000001"},
    "post_phone_change_approval": {"evidence": "a passport"},
    "post_purchase": {"member_id": "MEMBER", "receipt_id": "r1", **PART},
    "post_quote": {"member_id": "MEMBER", **PART},
    "post_redemption": {"member_id": "MEMBER", "points": 1, "reason": "a mug"},
    "post_return": {"return_id": "t1", "all": True},
    "post_return_quote": {"all": True},
    "post_tier_override": {"tier": "Gold", "days": 1, "reason": "a gift"},
    "post_void": {"reason": "a mistake"},
    "put_segments": {"segments": ["vip"]},
}
COUPONS = [{"id": "spring", "discount_percent": 10}]
QUERIES = {
    "delete_member": "?reason=mistake",
    "get_purchases": "?member_id=MEMBER",
    "get_pass_preview": "?wallet=apple&member_id=MEMBER",
}
MORE = {  # the same endpoints by another foreign id
    "a till in a foreign store": ("post_till", {"store_id": "STORE", "name": "Till"}),
    "lookup by code": ("post_lookup", {"code": "CODE"}),
    "lookup by card": ("post_lookup", {"card_number": "CARD"}),
    "purchase with a foreign hold": (
        "post_purchase",
        {"member_id": "OWN", "receipt_id": "r2", "hold_id": "HOLD", **PART},
    ),
    "quote with a foreign hold": (
        "post_quote",
        {"member_id": "OWN", "hold_id": "HOLD", **PART},
    ),
    "an own receipt attached to a foreign member": (
        "post_attach",
        {"purchase_id": "OWN_PURCHASE", "member_id": "MEMBER", "total_minor": 10_000},
    ),
    "an own receipt moved to a foreign member": (
        "post_move",
        {"purchase_id": "OWN_PURCHASE", "member_id": "MEMBER", "reason": "a mistake"},
    ),
}
# Whose path, query and body name no object, or a public one: nothing foreign can be said.
NAMELESS = {
    "get_stores",
    "post_store",
    "get_tills",
    "post_till",  # see MORE
    "get_staff",
    "post_staff",
    "get_audit",
    "post_activation",
    # By a session's cookie: tests/api/test_till_sessions.py.
    "get_till_session",
    "post_till_sign_in",
    "post_till_lock",
    "delete_till_session",
    "post_approval",
    "post_pin_reset",
    "get_code_batches",
    "get_health",
    "get_draws",
    "get_funnel",
    "get_operations",
    "get_offline_conflicts",
    "get_debts",
    "get_shift",
    "get_till_operations",
    "get_training_members",
    "post_training_quote",
    "get_funnel_csv",
    "post_draw",
    "post_pass_push",
    "delete_me",
    "get_my_coupons",
    "get_promo_codes",
    "post_code_batch",
    "post_my_coupon",
    "post_promo_code",
    "get_me",
    "get_my_devices",
    "get_my_gift_cards",
    "post_my_gift_card",  # by a code: tests/api/test_kept_gift_cards.py
    "get_my_export",
    "post_my_phone_change",
    "post_my_receipt",
    "post_my_confirmation",
    "post_sign_out_others",
    "get_my_draws",
    "patch_me",
    "get_my_consents",
    "post_my_consents",
    "get_my_ledger",
    "get_program",
    "get_program_draft",
    "put_program_draft",
    "post_publish",
    "get_program_version",
    "get_program_versions",
    "get_program_diff",
    "get_catalogue",
    "get_catalogue_csv",
    "put_catalogue",
    "get_apple_certificate",
    "put_apple_certificate",
    "delete_apple_certificate",
    "get_program_schema",
    "get_pass_design",
    "get_pass_design_draft",
    "put_pass_design_draft",
    "post_pass_design_publish",
    "get_pass_design_version",
    "get_pass_design_versions",
    "get_pass_design_diff",
    "get_pass_design_schema",
    "get_pass_images",
    "post_pass_image",
    "get_templates",
    "post_dry_run",
    "post_gift_card",
    "post_member",
    "post_sign_up",
}
# Tests of their own, below.
APART = {
    "delete_my_device",
    "delete_my_gift_card",
    "get_my_phone_change",
    "post_my_change_codes",
    "post_my_change_merge",
    "post_my_sent_code",
    "get_members",
    "post_phone_link",
    "post_grant_batch",
    "post_history",
    "post_purchase_batch",
    "post_verify",
}
GENERATED = sorted(set(OPERATIONS) - NAMELESS - APART)


@dataclass(frozen=True, slots=True)
class Victim:
    """A merchant with one of everything."""

    shop: Shop
    member: Joined
    ids: dict[str, str]

    def all_there_is(self) -> tuple[Any, ...]:
        """Return everything a stranger could have changed."""
        shop, member_id = self.shop, self.member.member_id
        return (
            shop.member(member_id),
            shop.ledger(member_id),
            shop.till("GET", f"/v1/purchases/{self.ids['PURCHASE']}").json,
            shop.till("GET", "/v1/program").json,
            shop.till("GET", f"/v1/gift-cards/{self.ids['GIFT_CARD']}").json,
            shop.till("GET", "/v1/catalogue").json,
            shop.office("GET", f"/v1/draws/{self.ids['DRAW']}").json,
            shop.office("GET", "/v1/promo-codes").json,
            shop.office("GET", "/v1/pass-images").json,
            shop.office("GET", "/v1/promo-code-batches").json,
            shop.office("GET", f"/v1/members/{member_id}/coupons").json,
            shop.office("GET", "/v1/stores").json,
            shop.office("GET", "/v1/tills").json,
            shop.office("GET", "/v1/staff").json,
            shop.office("GET", "/v1/audit").json,
            shop.office("GET", "/v1/offline-conflicts").json,
        )


@pytest.fixture(scope="module")
def victim(service: Service) -> Victim:
    shop = open_shop(service, coupons=COUPONS)
    member = shop.join(name="Anna Petrova")
    member_id = member.member_id
    shop.grant(member_id, 100)
    card = {"type": "card", "value": "C-1000"}
    shop.office("POST", f"/v1/members/{member_id}/identifiers", card)
    bought = shop.buy(member_id, 10_000, key="the-victims-receipt").json
    hold = shop.till("POST", "/v1/holds", {"member_id": member_id, "points": 5}).json
    wish = {"amount_minor": 1, "activate": True}
    gift_card = shop.till("POST", "/v1/gift-cards", wish).json
    path = f"/v1/gift-cards/{gift_card['code']}/top-ups"
    topped_up = shop.till("POST", path, {"amount_minor": 1}).json
    service.call(
        "PUT",
        "/v1/catalogue",
        raw=b"sku,category,margin\nC-1,coffee,\n",
        credential=shop.integration_key,
        Content_Type="text/csv",
    )
    image = service.call(
        "POST",
        "/v1/pass-images?use=icon",
        raw=ICON,
        credential=shop.integration_key,
        Content_Type="image/png",
    ).json
    draw = shop.office("POST", "/v1/draws", DRAW).json
    draft = shop.till("GET", "/v1/program").json
    dry_run = shop.office("POST", "/v1/program/dry-runs", {"draft": draft}).json
    promo_code = shop.office(
        "POST", "/v1/promo-codes", {"code": "MAY", "coupon": "spring"}
    ).json
    batch = shop.office("POST", "/v1/promo-code-batches", {"coupon": "spring", "count": 1}).json
    code = shop.member(member_id)["identifiers"][0]["value"]
    by_sms = {"member_id": member_id, "method": "sms"}
    confirmation = shop.till("POST", "/v1/confirmations", by_sms).json
    path, body = f"/v1/members/{member_id}/phone-changes", {"phone": "+79160000009"}
    change = shop.office("POST", path, body).json
    store = shop.office("POST", "/v1/stores", {"name": "North"}).json
    till_wish = {"store_id": store["store_id"], "name": "Till"}
    till = shop.office("POST", "/v1/tills", till_wish).json
    unknown = sale("mem_nobody", 10_000, "queued")
    queued = {"items": [{"idempotency_key": new_key(), "purchase": unknown}]}
    shop.till("POST", "/v1/purchase-batches", queued)
    (conflict,) = shop.office("GET", "/v1/offline-conflicts").json["items"]
    person_wish = {"name": "Vera", "role": "cashier", "pin": "4071"}
    person = shop.office("POST", "/v1/staff", person_wish).json
    ids = {
        "STORE": store["store_id"],
        "TILL": till["till_id"],
        "STAFF": person["staff_id"],
        "MEMBER": member_id,
        "PURCHASE": bought["id"],
        "HOLD": hold["id"],
        "JOB": dry_run["id"],
        "GIFT_CARD": gift_card["code"],
        "TOP_UP": topped_up["id"],
        "SKU": "C-1",
        "DRAW": draw["id"],
        "IMAGE": image["id"],
        "PROMO_CODE": promo_code["code"],
        "CODE_BATCH": batch["id"],
        "SIGN_UP": member.sign_up_id,
        "PHONE": member.phone,
        "CODE": code,
        "CARD": "C-1000",
        "CONFIRMATION": confirmation["id"],
        "CHANGE": change["id"],
        "CONFLICT": conflict["id"],
    }
    return Victim(shop, member, ids)


@pytest.fixture(scope="module")
def stranger(service: Service) -> Shop:
    return open_shop(service)


@pytest.fixture(scope="module")
def own(stranger: Shop) -> dict[str, str]:
    """Return the stranger's own things."""
    member_id = stranger.join().member_id
    anonymous = stranger.buy(None, 10_000).json["id"]
    return {"OWN": member_id, "OWN_PURCHASE": anonymous}


def ask(shop: Shop, name: str, body: dict[str, Any] | None, ids: dict[str, str]) -> Answer:
    """Call an endpoint with every name in path, query and body replaced by its id."""
    method, path = OPERATIONS[name]
    filled = {k: ids.get(v, v) if isinstance(v, str) else v for k, v in (body or {}).items()}
    purchase_id = filled.pop("purchase_id", ids["PURCHASE"])
    path = path.format(
        store_id=ids["STORE"],
        till_id=ids["TILL"],
        staff_id=ids["STAFF"],
        member_id=ids["MEMBER"],
        purchase_id=purchase_id,
        hold_id=ids["HOLD"],
        confirmation_id=ids["CONFIRMATION"],
        change_id=ids["CHANGE"],
        conflict_id=ids["CONFLICT"],
        value=ids["CARD"],
        job_id=ids["JOB"],
        sign_up_id=ids["SIGN_UP"],
        code=ids["GIFT_CARD"],
        top_up_id=ids["TOP_UP"],
        sku=ids["SKU"],
        draw_id=ids["DRAW"],
        image_id=ids["IMAGE"],
        promo_code=ids["PROMO_CODE"],
        batch_id=ids["CODE_BATCH"],
    )
    path += QUERIES.get(name, "").replace("MEMBER", ids["MEMBER"])
    return shop.service.call(
        method,
        path,
        filled if body is not None else None,
        credential=shop.integration_key,
        key=new_key() if method in ("POST", "PUT", "DELETE") else None,
    )


def test_every_documented_endpoint_is_tried_or_names_nothing_of_a_merchants() -> None:
    named = {name for name in NAMELESS if "{" in OPERATIONS[name][1]}

    assert NAMELESS | APART | set(BODIES) <= set(OPERATIONS)
    numbered = {"get_program_version", "get_pass_design_version"}
    assert named == {*numbered, "post_sign_up"}  # numbers, a public name


@pytest.mark.parametrize("name", GENERATED)
def test_a_foreign_id_is_not_found_and_nothing_changes(
    victim: Victim, stranger: Shop, own: dict[str, str], name: str
) -> None:
    before = victim.all_there_is()

    answer = ask(stranger, name, BODIES.get(name), victim.ids | own)

    assert answer.status == 404, answer.body
    assert answer.code in (
        "member_not_found",
        "purchase_not_found",
        "hold_not_found",
        "gift_card_not_found",
        "draw_not_found",
        "image_not_found",
        "job_not_found",
        "promo_code_not_found",
        "code_batch_not_found",
        "confirmation_not_found",
        "phone_change_not_found",
        "conflict_not_found",
        "store_not_found",
        "till_not_found",
        "staff_not_found",
        "not_found",
    )
    assert victim.member.phone.encode() not in answer.body
    assert b"Anna" not in answer.body
    assert victim.all_there_is() == before


@pytest.mark.parametrize("how", MORE)
def test_a_foreign_id_beside_an_own_one_is_not_found_either(
    victim: Victim, stranger: Shop, own: dict[str, str], how: str
) -> None:
    before = victim.all_there_is()
    name, body = MORE[how]

    answer = ask(stranger, name, body, victim.ids | own)

    assert answer.status == 404, answer.body
    assert victim.all_there_is() == before
    assert len(stranger.ledger(own["OWN"])) == 1


@pytest.mark.parametrize("name", GENERATED)
def test_a_foreign_id_is_answered_like_one_that_never_was(
    victim: Victim, stranger: Shop, own: dict[str, str], name: str
) -> None:
    never = {
        "MEMBER": "mem_" + "x" * 22,
        "PURCHASE": "pur_dGlsbC0xH25ldmVyLXdhcw",
        "JOB": "job_" + "x" * 22,
        "HOLD": f"hold_mem_{'x' * 22}.{'y' * 22}",
        "PHONE": "+79161234567",
        "GIFT_CARD": "0000-0000-0000-0007-7",
        "DRAW": "drw_" + "0" * 24,
        "IMAGE": "img_" + "0" * 32,
        "PROMO_CODE": "NEVER10",
        "CODE_BATCH": "ZZZ",
    }

    foreign = ask(stranger, name, BODIES.get(name), victim.ids | own)
    unknown = ask(stranger, name, BODIES.get(name), victim.ids | own | never)

    assert foreign.body == unknown.body


def test_a_batch_refuses_a_foreign_member_and_takes_the_rest(
    victim: Victim, stranger: Shop
) -> None:
    before = victim.all_there_is()
    items = [
        {"idempotency_key": new_key(), "purchase": sale(member_id, 10_000, f"batch-{n}")}
        for n, member_id in enumerate([victim.member.member_id, None])
    ]

    answer = stranger.till("POST", "/v1/purchase-batches", {"items": items})

    results = [
        (item["status"], (item["problem"] or {}).get("code")) for item in answer.json["items"]
    ]
    assert results == [(404, "member_not_found"), (201, None)]
    assert victim.all_there_is() == before


def test_a_batch_of_grants_refuses_a_foreign_member_row_by_row(
    victim: Victim, stranger: Shop
) -> None:
    before = victim.all_there_is()
    members = [
        {"member_id": victim.member.member_id},
        {"phone": victim.member.phone},
        {"card_number": "C-1000"},
    ]
    body = {"reason": "a contest", "points": 10, "members": members}

    answer = stranger.office("POST", "/v1/grant-batches", body)

    assert [item["status"] for item in answer.json["items"]] == [404] * 3
    assert victim.all_there_is() == before


def test_history_refuses_a_foreign_member_row_by_row(victim: Victim, stranger: Shop) -> None:
    before = victim.all_there_is()
    row = {
        "member_id": victim.member.member_id,
        "at": "2026-01-15T12:00:00Z",
        "net_paid_minor": 10_000,
        "receipt_id": "old-1",
    }

    answer = stranger.office("POST", "/v1/history", [row])

    assert [item["status"] for item in answer.json["items"]] == [404]
    assert victim.all_there_is() == before


def test_a_phone_is_another_member_with_another_merchant(
    victim: Victim, stranger: Shop
) -> None:
    before, phone = victim.all_there_is(), victim.member.phone

    found = stranger.office("GET", f"/v1/members?phone=%2B{phone[1:]}")
    added = stranger.office(
        "POST", "/v1/members", {"phone": phone, "language": "ru", "is_verified": True}
    )

    assert (found.status, found.json["items"]) == (200, [])
    assert (added.status, added.json["id"] == victim.member.member_id) == (201, False)
    assert victim.all_there_is() == before


def test_a_link_of_nobody_confirms_nobody(victim: Victim) -> None:
    before = victim.all_there_is()

    answer = victim.shop.service.call("POST", "/v1/phone-links/0123456789abcdef", {})

    assert (answer.status, answer.code) == (404, "link_unknown")
    assert victim.all_there_is() == before


def test_a_sign_up_cannot_be_verified_at_another_merchant(
    victim: Victim, stranger: Shop
) -> None:
    before = victim.all_there_is()
    own_part = victim.member.sign_up_id.rpartition(".")[0]

    answer = stranger.verify(
        f"{own_part}.{stranger.merchant}", victim.member.code, victim.member.nonce
    )

    assert (answer.status, answer.code) == (404, "sign_up_not_found")
    assert victim.all_there_is() == before


def test_the_secrets_of_a_card_open_nothing_under_another_merchants_name(
    service: Service, victim: Victim, stranger: Shop
) -> None:
    ours, theirs = victim.shop.merchant, stranger.merchant
    token = victim.member.token.replace(ours, theirs)
    pass_url = victim.member.answer["apple_pass_url"].replace(ours, theirs)
    card_url = victim.member.answer["card_url"].replace(ours, theirs)

    me = service.call("GET", "/v1/me", credential=token)
    download = service.call("GET", pass_url)
    page = service.call("GET", card_url)
    serial = f"{theirs}.{victim.member.member_id}"
    fetched = service.call(
        "GET",
        f"/wallet/apple/v1/passes/{PASS_TYPE}/{serial}",
        Authorization="ApplePass 0123456789",
    )

    assert [me.status, download.status, page.status, fetched.status] == [401, 404, 404, 401]


def test_a_device_is_removed_by_its_own_member_only(victim: Victim, stranger: Shop) -> None:
    call, other = stranger.service.call, stranger.join()
    theirs = call("GET", "/v1/me/devices", credential=victim.member.token).json["items"]

    path = f"/v1/me/devices/{theirs[0]['id']}"
    answer = call("DELETE", path, credential=other.token)

    assert (answer.status, answer.code) == (404, "device_not_found")
    assert call("GET", "/v1/me", credential=victim.member.token).status == 200


def test_a_kept_gift_card_is_its_own_members_to_pay_with_and_take_off(
    victim: Victim, stranger: Shop
) -> None:
    call, path = victim.shop.service.call, "/v1/me/gift-cards"
    strangers, neighbour = stranger.join(), victim.shop.join()
    code = {"code": victim.ids["GIFT_CARD"]}
    kept = call("POST", path, code, credential=victim.member.token).json
    tender = {"gift_card": {"gift_card_id": kept["id"], "mode": "max"}}
    answers = [
        call("DELETE", f"{path}/{kept['id']}", credential=other.token)
        for other in (strangers, neighbour)
    ]
    for shop, other in ((stranger, strangers), (victim.shop, neighbour)):
        body = {**sale(other.member_id, 10_000, "a-foreign-tender"), **tender}
        answers.append(shop.till("POST", "/v1/purchases", body))
    answers.append(call("POST", path, code, credential=strangers.token))

    assert {(one.status, one.code) for one in answers} == {(404, "gift_card_not_found")}
    left = call("GET", path, credential=victim.member.token).json["items"]
    assert [one["balance_minor"] for one in left] == [kept["balance_minor"]]


def test_a_member_token_shows_its_own_member_only(service: Service, victim: Victim) -> None:
    other = victim.shop.join()
    swapped = victim.member.token.replace(victim.member.member_id, other.member_id)

    assert service.call("GET", "/v1/me", credential=other.token).json["id"] == other.member_id
    assert service.call("GET", "/v1/me", credential=swapped).status == 401


def test_the_same_key_and_receipt_number_at_two_merchants_are_two_purchases(
    victim: Victim, stranger: Shop, own: dict[str, str]
) -> None:
    key = new_key()

    first = victim.shop.buy(victim.member.member_id, 10_000, key=key)
    second = stranger.buy(own["OWN"], 20_000, key=key)

    assert [first.status, second.status] == [201, 201]
    assert [first.json["earned"], second.json["earned"]] == [10, 20]
