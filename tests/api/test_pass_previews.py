"""Pictures of a merchant's cards, through the door: whose, by which design, and how safe."""

from typing import Any
from xml.etree import ElementTree

import pytest

from chalicelib.domain.members import Scope
from chalicelib.domain.templates import NAMES
from chalicelib.jobs.operator import add_till, open_merchant
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop
from tests.domain.designs import COLOURS

SVG = "{http://www.w3.org/2000/svg}"
PATH = "/v1/pass-design/preview"
WALLETS = ("apple", "google")

each_wallet = pytest.mark.parametrize("wallet", WALLETS)


def texts(answer: Answer) -> list[str]:
    """Return what is written on the card."""
    assert answer.status == 200, answer.body
    return [one.text or "" for one in ElementTree.fromstring(answer.body).iter(f"{SVG}text")]


def draft(shop: Shop, document: dict[str, Any]) -> None:
    """Save a draft of the design."""
    assert shop.office.call("PUT", "/v1/pass-design/draft", document).status == 200


@each_wallet
def test_a_merchant_without_a_design_sees_the_default_one(shop: Shop, wallet: str) -> None:
    answer = shop.office.get(f"{PATH}?wallet={wallet}")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "Елена К." in texts(answer) or wallet == "google"
    assert "1\u00a0240" in texts(answer)


@each_wallet
def test_the_draft_is_drawn_before_it_is_published(shop: Shop, wallet: str) -> None:
    draft(shop, {"program_name": "Узор Бонус", "colours": COLOURS})

    of_draft = shop.office.get(f"{PATH}?wallet={wallet}&of=draft")
    published = shop.office.get(f"{PATH}?wallet={wallet}&of=published")

    assert "Узор Бонус" in texts(of_draft)
    assert "Узор Бонус" not in texts(published)


@each_wallet
def test_without_a_draft_there_is_no_picture_of_one(shop: Shop, wallet: str) -> None:
    answer = shop.office.get(f"{PATH}?wallet={wallet}&of=draft")

    assert (answer.status, answer.json["code"]) == (404, "not_found")


@each_wallet
def test_the_card_speaks_the_language_asked_for(shop: Shop, wallet: str) -> None:
    russian = texts(shop.office.get(f"{PATH}?wallet={wallet}&language=ru"))
    english = texts(shop.office.get(f"{PATH}?wallet={wallet}&language=en"))

    assert "1\u00a0240" in russian
    assert "1,240" in english


def test_a_members_own_card_can_be_drawn(shop: Shop) -> None:
    member_id = shop.join(name="Анна")["member_id"]
    shop.give(member_id, 77)

    path = f"{PATH}?wallet=apple&member_id={member_id}"

    own = texts(shop.office.get(path))
    english = texts(shop.office.get(f"{path}&language=en"))

    assert {"Анна", "77", "баллов"} <= set(own)
    assert {"Анна", "77", "points"} <= set(english)


def test_a_key_that_may_not_see_members_sees_samples_only(shop: Shop) -> None:
    member_id = shop.join(name="Анна")["member_id"]
    wish = {"merchant": shop.merchant_id, "till": "designer", "store": "main"}
    key = add_till({**wish, "scopes": [Scope.PROGRAM]}, None)["key"]
    designer = Caller(shop.client, key)

    sample = designer.get(f"{PATH}?wallet=apple")
    members = designer.get(f"{PATH}?wallet=apple&member_id={member_id}")

    assert sample.status == 200
    assert (members.status, members.json["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    "query", ["", "wallet=samsung", "wallet=apple&of=old", "wallet=apple&x=1"]
)
def test_an_unknown_wish_is_refused(shop: Shop, query: str) -> None:
    assert shop.office.get(f"{PATH}?{query}").status == 400


def test_nobody_sees_anothers_member(shop: Shop) -> None:
    answer = shop.office.get(f"{PATH}?wallet=apple&member_id=mem_nobody")

    assert (answer.status, answer.json["code"]) == (404, "member_not_found")


@each_wallet
def test_a_picture_may_run_nothing_and_is_kept_by_nobody(shop: Shop, wallet: str) -> None:
    headers = shop.office.get(f"{PATH}?wallet={wallet}").headers

    assert headers["Content-Security-Policy"] == "default-src 'none'; img-src data:; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@each_wallet
def test_a_merchants_words_never_become_markup(shop: Shop, wallet: str) -> None:
    draft(shop, {"program_name": "<script>x</script>"})

    answer = shop.office.get(f"{PATH}?wallet={wallet}&of=draft")

    assert "<script>x</script>" in texts(answer)
    assert b"<script" not in answer.body


@each_wallet
@pytest.mark.parametrize("name", NAMES)
def test_a_templates_merchant_has_its_card_at_once(
    client: Any, wired: Any, name: str, wallet: str
) -> None:
    opened = open_merchant({"template": name}, None)
    office = Caller(client, opened["integration_key"])

    answer = office.get(f"{PATH}?wallet={wallet}")

    images = list(ElementTree.fromstring(answer.body).iter(f"{SVG}image"))
    assert office.get("/v1/pass-design").json["strip"].startswith("img_")
    assert len(images) == 2
    assert len(answer.body) < 200_000
