"""How far three cards come: a phone, a phone that lets go of it, the web; and their pushes."""

from typing import Any
from uuid import uuid4

from tests.journeys.calling import Service, eventually
from tests.journeys.shop import Joined, Shop
from tests.journeys.wallet import Phone, take_pass

GONE = "00000410"  # the local push server answers 410 to tokens that begin so


def held(service: Service, member: Joined, token_begins: str = "a1") -> Phone:
    """Put a member's pass on a phone of its own."""
    token = (token_begins + uuid4().hex + uuid4().hex)[:64]
    url = member.answer["apple_pass_url"]
    phone = take_pass(service, url, device_id=uuid4().hex, push_token=token)
    assert phone.register().status == 201
    return phone


def counted(shop: Shop) -> dict[str, int]:
    """Return what is not zero in the last 30 days."""
    total: dict[str, int] = shop.office("GET", "/v1/funnel").json["total"]
    return {name: number for name, number in total.items() if number}


def test_three_cards_one_on_a_phone_one_removed_one_on_the_web_only(
    service: Service, shop: Shop
) -> None:
    members = [shop.join() for _ in range(3)]
    service.run_jobs()
    phone, removed = held(service, members[0]), held(service, members[1])
    gone = [removed.unregister().status for _ in range(2)]
    shop.buy(members[0].member_id, 10_000)
    eventually(phone.pushes, "the push")

    def settled() -> dict[str, int] | None:
        # A slow relay tells the phones of the joining too: so many as the server took.
        total, taken = counted(shop), len(phone.pushes()) + len(removed.pushes())
        sent = (total.pop("pushes_sent", 0), total.pop("pushes_delivered", 0))
        return total if sent == (taken, taken) else None

    found = eventually(settled, "the count of every push")

    assert gone == [200, 200]
    assert found == {
        "created": 3,
        "added_to_apple": 2,
        "web_only": 1,
        "removed": 1,
    }


def test_a_phone_that_has_lost_the_pass_is_dead_and_removed(
    service: Service, shop: Shop
) -> None:
    member = shop.join()
    service.run_jobs()
    held(service, member, GONE)

    shop.buy(member.member_id, 10_000)

    found = eventually(
        lambda: total if "removed" in (total := counted(shop)) else None, "the removal"
    )
    assert (found["pushes_dead"], found["removed"], found["added_to_apple"]) == (1, 1, 1)


def test_a_card_saved_with_google_is_added_once(service: Service, shop: Shop) -> None:
    joined = shop.join()
    tap = service.call("GET", str(joined.answer["google_save_url"]))
    for _ in range(2):
        assert service.call("GET", tap.headers["Location"]).status == 200

    found = eventually(
        lambda: total if "added_to_google" in (total := counted(shop)) else None, "the word"
    )

    assert found == {"created": 1, "added_to_google": 1}


def test_the_table_says_the_same(shop: Shop) -> None:
    shop.join()

    answer = shop.office("GET", "/v1/funnel.csv")
    total: dict[str, Any] = shop.office("GET", "/v1/funnel").json["total"]

    head, *rows = [line.split(",") for line in answer.body.decode().splitlines()]
    sums = [sum(int(row[place]) for row in rows) for place in range(1, len(head))]
    assert dict(zip(head[1:], sums, strict=True)) == total
    assert len(rows) == 30
