"""A member's phone gives way to another: by two codes, or by a manager with evidence."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop, new_phone

WRONG = "000000"
EVIDENCE = {"evidence": "passport seen"}


def wait(**time: int) -> None:
    clock = services().clock
    clock.set(clock.now() + timedelta(**time))


def joined(shop: Shop, phone: str) -> tuple[dict[str, Any], Caller]:
    found = shop.join(phone)
    wait(seconds=61)  # a phone gets a code a minute
    return found, Caller(shop.client, found["member_token"])


def begun(me: Caller, phone: str, **more: Any) -> str:
    answer = me.post("/v1/me/phone-changes", {"phone": phone, **more})
    assert (answer.status, answer.json["state"]) == (201, "codes_sent")
    return answer.json["id"]


def proven(me: Caller, change_id: str, new_code: str, old_code: str | None = None) -> Answer:
    body = {"new_code": new_code, "old_code": old_code}
    sent = {name: code for name, code in body.items() if code}
    return me.post(f"/v1/me/phone-changes/{change_id}/verify", sent)


def changed(shop: Shop, me: Caller, old: str, new: str) -> Answer:
    change_id = begun(me, new)
    return proven(me, change_id, shop.code_sent(new), shop.code_sent(old))


def found_by(shop: Shop, phone: str) -> str | None:
    return shop.till.post("/v1/lookups", {"phone": phone}).json.get("member_id")


def awaiting(shop: Shop, me: Caller, new: str) -> str:
    change_id = begun(me, new, without_old=True)
    answer = proven(me, change_id, shop.code_sent(new))
    assert (answer.status, answer.json["state"]) == (200, "awaiting_approval")
    return change_id


def test_codes_of_both_phones_change_the_phone(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    member, me = joined(shop, old)

    answer = changed(shop, me, old, new)

    assert (answer.status, answer.json["state"]) == (200, "done")
    assert answer.json["redemption_paused_until"] is None
    assert (found_by(shop, new), found_by(shop, old)) == (member["member_id"], None)
    assert me.get("/v1/me").json["phone"] == new
    kinds = [one["kind"] for one in me.get("/v1/me/ledger").json["items"]]
    assert kinds == ["phone", "join"]


def test_the_right_codes_again_change_nothing(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    _, me = joined(shop, old)
    change_id = begun(me, new)
    codes = shop.code_sent(new), shop.code_sent(old)

    first, again = proven(me, change_id, *codes), proven(me, change_id, *codes)

    assert again.json == first.json
    assert me.get(f"/v1/me/phone-changes/{change_id}").json == first.json
    assert len(me.get("/v1/me/ledger").json["items"]) == 2


def test_the_old_phone_may_sign_up_anew_and_the_new_one_signs_in(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    member, me = joined(shop, old)
    changed(shop, me, old, new)
    wait(seconds=61)

    by_old, by_new = shop.join(old), shop.join(new)

    assert by_new["member_id"] == member["member_id"]
    assert by_old["member_id"] != member["member_id"]


@pytest.mark.parametrize("which", ["new", "old", "no old"])
def test_one_right_code_is_not_enough(shop: Shop, which: str) -> None:
    old, new = new_phone(), new_phone()
    member, me = joined(shop, old)
    change_id = begun(me, new)
    new_code, old_code = shop.code_sent(new), shop.code_sent(old)
    codes = {
        "new": (WRONG, old_code), "old": (new_code, WRONG), "no old": (new_code, None),
    }[which]  # fmt: skip

    answer = proven(me, change_id, *codes)

    assert (answer.status, answer.code, answer.json["attempts_left"]) == (400, "code_wrong", 4)
    assert found_by(shop, old) == member["member_id"]


def test_guesses_end_before_the_right_code(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    _, me = joined(shop, old)
    change_id = begun(me, new)
    codes = shop.code_sent(new), shop.code_sent(old)

    wrong = [proven(me, change_id, WRONG, codes[1]).code for _ in range(5)]

    assert wrong == ["code_wrong"] * 5
    assert proven(me, change_id, *codes).code == "code_locked"


def test_codes_are_over_after_ten_minutes(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    _, me = joined(shop, old)
    change_id = begun(me, new)
    codes = shop.code_sent(new), shop.code_sent(old)
    wait(minutes=11)

    answer = proven(me, change_id, *codes)

    assert (answer.status, answer.code) == (410, "code_expired")
    assert me.get(f"/v1/me/phone-changes/{change_id}").json["state"] == "expired"


def test_asking_again_at_once_sends_nothing(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    _, me = joined(shop, old)
    begun(me, new)

    answer = me.post("/v1/me/phone-changes", {"phone": new_phone()})

    assert (answer.status, answer.code) == (429, "too_many_codes")  # the old phone's minute


def test_a_known_phone_is_answered_like_an_unknown_one(shop: Shop) -> None:
    taken = new_phone()
    joined(shop, taken)
    _, me = joined(shop, new_phone())
    _, other = joined(shop, new_phone())

    known = me.post("/v1/me/phone-changes", {"phone": taken})
    unknown = other.post("/v1/me/phone-changes", {"phone": new_phone()})

    assert (known.status, unknown.status) == (201, 201)
    assert {*known.json} == {*unknown.json}
    assert known.json["state"] == unknown.json["state"]


def test_another_members_phone_offers_a_merge_that_brings_the_points(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    member, me = joined(shop, old)
    other, theirs = joined(shop, new)
    shop.give(other["member_id"], 30)
    change_id = begun(me, new)
    offered = proven(me, change_id, shop.code_sent(new), shop.code_sent(old))

    path, key = f"/v1/me/phone-changes/{change_id}/merge", {"Idempotency-Key": "m1"}
    done, again = (me.call("POST", path, headers=key) for _ in range(2))

    assert offered.json["state"] == "merge_offered"
    assert (done.status, done.json["state"]) == (200, "done")
    assert again.json == done.json
    own = me.get("/v1/me").json
    assert (own["phone"], own["balance"]["available"]) == (new, 30)
    assert (found_by(shop, new), found_by(shop, old)) == (member["member_id"], None)
    assert theirs.get("/v1/me").status == 404


def test_nobody_is_merged_before_the_codes_are_right(shop: Shop) -> None:
    new = new_phone()
    _, theirs = joined(shop, new)
    _, me = joined(shop, new_phone())
    change_id = begun(me, new)

    answer = me.post(f"/v1/me/phone-changes/{change_id}/merge")

    assert (answer.status, answer.code) == (409, "phone_change_refused")
    assert theirs.get("/v1/me").status == 200


def test_without_the_old_phone_a_manager_approves_and_redemption_pauses(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    member, me = joined(shop, old)
    member_id = member["member_id"]
    shop.give(member_id, 100)
    change_id = awaiting(shop, me, new)
    assert found_by(shop, old) == member_id

    done = shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)

    until = done.json["redemption_paused_until"]
    assert (done.status, done.json["state"]) == (200, "done")
    assert until == (services().clock.now() + timedelta(hours=72)).isoformat().replace(
        "+00:00", "Z"
    )
    assert (found_by(shop, new), found_by(shop, old)) == (member_id, None)
    latest = shop.office.get(f"/v1/members/{member_id}/ledger").json["items"][0]
    assert (latest["kind"], latest["reason"]) == ("phone", "passport seen")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/redemptions", {"points": 5, "reason": "mug"}),
        ("/v1/holds", {"points": 5}),
        (
            "/v1/purchases",
            {"receipt_id": "p1", "channel": "offline", "total_minor": 10_000,
             "redeem": {"mode": "max"}},
        ),
    ],
)  # fmt: skip
def test_nothing_is_redeemed_while_the_pause_lasts_and_all_is_after_it(
    shop: Shop, path: str, body: dict[str, Any]
) -> None:
    member, me = joined(shop, new_phone())
    shop.give(member["member_id"], 100)
    change_id = awaiting(shop, me, new_phone())
    shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)
    asked = {"member_id": member["member_id"], **body}

    wait(hours=71)
    before = shop.till.post(path, asked)
    wait(hours=1)
    after = shop.till.post(path, asked)

    assert (before.status, before.code) == (409, "redemption_paused")
    assert after.status == 201


def test_every_phone_with_the_pass_is_told_of_a_pause_and_of_its_end(shop: Shop) -> None:
    member, me = joined(shop, new_phone())
    shop.give(member["member_id"], 100)
    path = member["apple_pass_url"].removeprefix("https://cards.example")  # of the old phone
    change_id = awaiting(shop, me, new_phone())

    shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)
    paused = redeeming_shown(shop, path)
    again = redeeming_shown(shop, path)
    wait(hours=72)
    over = redeeming_shown(shop, path)

    assert paused["value"].startswith("закрыто до ")
    assert paused["changeMessage"] == "Списание баллов %@"
    assert again == paused
    assert over == {**paused, "value": "баллы можно списывать", "changeMessage": None}


def redeeming_shown(shop: Shop, path: str) -> dict[str, Any]:
    answer = Caller(shop.client).get(path)
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        fields = json.loads(archive.read("pass.json"))["storeCard"]["backFields"]
    (found,) = (field for field in fields if field["key"] == "redeeming")
    return {"changeMessage": None, **found}


def test_a_pause_is_not_shed_by_becoming_another_member(shop: Shop) -> None:
    member, me = joined(shop, new_phone())
    shop.give(member["member_id"], 100)
    change_id = awaiting(shop, me, new_phone())
    shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)
    other = shop.join()["member_id"]
    path, body = (
        f"/v1/members/{other}/merges",
        {"other_member_id": member["member_id"], "reason": "twice"},
    )

    wait(hours=71)
    before = shop.office.post(path, body)
    wait(hours=1)
    after = shop.office.post(path, body)

    assert (before.status, before.code) == (409, "merge_refused")
    assert before.json["until"].startswith(services().clock.now().isoformat()[:16])
    assert after.status == 201


def test_a_paused_member_earns_as_ever(shop: Shop) -> None:
    member, me = joined(shop, new_phone())
    change_id = awaiting(shop, me, new_phone())
    shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)

    answer = shop.till.post("/v1/purchases", shop.sale(member["member_id"]))

    assert (answer.status, answer.json["earned"]) == (201, 5)
    assert me.get("/v1/me").json["redemption_paused_until"] is not None


def test_the_old_phone_is_warned(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    _, me = joined(shop, old)

    begun(me, new, without_old=True)

    outbox = services().sms_outbox
    found = [outbox.find(*place) for place in outbox.waiting(limit=1_000)]
    to_old = [sms.text for sms in found if sms is not None and sms.to == old]
    assert to_old == [
        "Roastery: просят сменить номер вашей карты. Если это не вы, сообщите магазину."
    ]


def test_a_manager_cannot_approve_what_is_not_proven(shop: Shop) -> None:
    old = new_phone()
    member, me = joined(shop, old)
    change_id = begun(me, new_phone(), without_old=True)

    answer = shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)

    assert (answer.status, answer.code) == (409, "phone_change_refused")
    assert found_by(shop, old) == member["member_id"]


def test_an_approval_comes_within_a_week_or_never(shop: Shop) -> None:
    _, me = joined(shop, new_phone())
    change_id = awaiting(shop, me, new_phone())
    wait(days=8)

    answer = shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)

    assert (answer.status, answer.code) == (409, "phone_change_refused")


def test_at_the_counter_the_manager_sends_the_code_in(shop: Shop) -> None:
    old, new = new_phone(), new_phone()
    member, _ = joined(shop, old)
    path = f"/v1/members/{member['member_id']}/phone-changes"
    change_id = shop.office.post(path, {"phone": new}).json["id"]
    body = {**EVIDENCE, "new_code": shop.code_sent(new)}

    done = shop.office.post(f"/v1/phone-changes/{change_id}/approve", body)

    assert (done.status, done.json["state"]) == (200, "done")
    assert found_by(shop, new) == member["member_id"]
    assert [one["id"] for one in shop.office.get(path).json["items"]] == [change_id]


def test_two_changes_at_once_end_once(shop: Shop) -> None:
    old, first, second = new_phone(), new_phone(), new_phone()
    member, me = joined(shop, old)
    one = awaiting(shop, me, first)
    wait(days=1)
    other = awaiting(shop, me, second)
    shop.office.post(f"/v1/phone-changes/{one}/approve", EVIDENCE)

    answer = shop.office.post(f"/v1/phone-changes/{other}/approve", EVIDENCE)

    assert (answer.status, answer.code) == (409, "phone_change_refused")
    assert found_by(shop, first) == member["member_id"]


def test_a_taken_phone_is_told_to_the_manager(shop: Shop) -> None:
    taken = new_phone()
    joined(shop, taken)
    _, me = joined(shop, new_phone())
    change_id = awaiting(shop, me, taken)

    answer = shop.office.post(f"/v1/phone-changes/{change_id}/approve", EVIDENCE)

    assert (answer.status, answer.code) == (409, "phone_taken")


def test_the_phone_one_has_is_no_change(shop: Shop) -> None:
    old = new_phone()
    _, me = joined(shop, old)

    answer = me.post("/v1/me/phone-changes", {"phone": old})

    assert (answer.status, answer.code) == (409, "phone_unchanged")


def test_another_members_change_is_404(shop: Shop) -> None:
    _, me = joined(shop, new_phone())
    _, other = joined(shop, new_phone())
    change_id = begun(me, new_phone())

    answers = [
        other.get(f"/v1/me/phone-changes/{change_id}"),
        proven(other, change_id, WRONG, WRONG),
        other.post(f"/v1/me/phone-changes/{change_id}/merge"),
    ]

    assert {(one.status, one.code) for one in answers} == {(404, "phone_change_not_found")}
