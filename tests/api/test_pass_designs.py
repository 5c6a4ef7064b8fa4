"""How passes look, through the door: drafts, publishing, images, and what phones then get."""

import io
from typing import Any
from zipfile import ZipFile

import pytest
from chalice.test import Client
from PIL import Image, ImageDraw

from chalicelib.api.pass_images import google_image_urls, uploaded
from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop
from tests.domain.designs import FULL

BASE = "https://cards.example"


def picture(size: tuple[int, int] = (1125, 432), kind: str = "PNG") -> bytes:
    image = Image.new("RGB", size, "#7a3b12")
    width, height = size
    box = (width * 3 // 4, height // 4, width * 7 // 8, height * 3 // 4)
    ImageDraw.Draw(image).ellipse(box, fill="#ffe0b0")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def upload(caller: Caller, use: str, content: bytes | None = None, **more: str) -> Answer:
    headers = {"Content-Type": more.get("kind", "image/png")}
    raw = picture() if content is None else content
    return caller.call("POST", f"/v1/pass-images?use={use}", raw=raw, headers=headers)


def publish(shop: Shop, document: dict[str, Any]) -> Answer:
    drafted = shop.office.call("PUT", "/v1/pass-design/draft", document)
    assert drafted.status == 200, drafted.json
    return shop.office.post("/v1/pass-design/draft/publish")


class TestDesigns:
    def test_a_merchant_begins_with_nothing_of_its_own(self, shop: Shop) -> None:
        assert shop.office.get("/v1/pass-design").json == {}
        assert shop.office.get("/v1/pass-design/draft").status == 404
        assert shop.office.get("/v1/pass-design/versions").json["items"] == []

    def test_a_design_is_drafted_compared_and_published(self, shop: Shop, wired) -> None:
        drafted = shop.office.call("PUT", "/v1/pass-design/draft", FULL)
        kept = shop.office.get("/v1/pass-design/draft")
        diff = shop.office.get("/v1/pass-design/draft/diff")
        before = shop.office.get("/v1/pass-design")
        published = shop.office.post("/v1/pass-design/draft/publish")
        again = shop.office.post("/v1/pass-design/draft/publish")

        assert drafted.json == kept.json == FULL
        assert {"path": "/symbology", "before": None, "after": "aztec"} in diff.json["items"]
        assert before.json == {}
        assert (published.status, published.json) == (
            201,
            {"object": "pass_design_version", "version": 1},
        )
        assert (again.status, again.code) == (409, "draft_missing")
        assert shop.office.get("/v1/pass-design").json == FULL
        assert shop.office.get("/v1/pass-design/versions/1").json == FULL
        assert services().pass_designs.look(shop.merchant_id).revision == 1

    def test_the_history_goes_page_by_page(self, shop: Shop) -> None:
        for near in (1, 2, 3):
            publish(shop, {"near_m": near})

        first = shop.office.get("/v1/pass-design/versions?limit=2").json
        path = f"/v1/pass-design/versions?limit=2&cursor={first['next_cursor']}"
        rest = shop.office.get(path).json

        assert [one["version"] for one in first["items"] + rest["items"]] == [3, 2, 1]
        assert rest["next_cursor"] is None

    @pytest.mark.parametrize("version", ["0", "9", "x", "-1", "1" * 7])
    def test_a_version_that_never_was_is_not_found(self, shop: Shop, version: str) -> None:
        assert shop.office.get(f"/v1/pass-design/versions/{version}").status == 404

    def test_a_design_with_faults_is_refused_by_pointer(self, shop: Shop) -> None:
        bad = {"program_name": "Much more than twenty characters", "colour": "red"}

        answer = shop.office.call("PUT", "/v1/pass-design/draft", bad)

        assert (answer.status, answer.code) == (400, "pass_design_invalid")
        assert {one["pointer"] for one in answer.json["errors"]} == {
            "/program_name",
            "/colour",
        }
        assert shop.office.get("/v1/pass-design/draft").status == 404

    def test_publishing_a_program_moves_the_look_too(self, shop: Shop) -> None:
        shop.office.call("PUT", "/v1/program/draft", shop.till.get("/v1/program").json)

        shop.office.post("/v1/program/draft/publish")

        assert services().pass_designs.look(shop.merchant_id).revision == 1

    def test_another_merchants_design_stays_its_own(self, shop: Shop, other_shop: Shop) -> None:
        publish(shop, FULL)

        assert other_shop.office.get("/v1/pass-design").json == {}
        assert other_shop.office.get("/v1/pass-design/versions/1").status == 404


class TestImages:
    def test_an_upload_is_made_ready_for_both_wallets(self, shop: Shop) -> None:
        answer = upload(shop.office, "strip")

        image = answer.json
        assert answer.status == 201
        assert (image["use"], image["width"], image["height"]) == ("strip", 1125, 432)
        names = [one["name"] for one in image["files"]]
        assert names == ["strip.png", "strip@2x.png", "strip@3x.png", "google-hero.png"]
        assert image["pass_bytes"] == sum(one["bytes"] for one in image["files"][:3])
        assert image["warnings"] == []
        assert shop.office.get("/v1/pass-images").json["items"] == [image]

    def test_the_same_upload_again_is_the_same_image(self, shop: Shop) -> None:
        first, again = upload(shop.office, "icon"), upload(shop.office, "icon")

        assert (first.status, again.status) == (201, 200)
        assert first.json == again.json

    def test_anybody_fetches_a_file_and_may_keep_it_for_ever(
        self, shop: Shop, anybody: Caller
    ) -> None:
        image = upload(shop.office, "strip", picture(kind="JPEG"), kind="image/jpeg").json
        hero = image["files"][3]

        answer = anybody.get(hero["url"].removeprefix(BASE))

        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert len(answer.body) == hero["bytes"]
        assert Image.open(io.BytesIO(answer.body)).size == (1032, 336)

    def test_a_file_that_is_not_there_is_not_found(
        self, shop: Shop, other_shop: Shop, anybody: Caller
    ) -> None:
        path = upload(shop.office, "icon").json["files"][0]["url"].removeprefix(BASE)

        others = [
            path.replace("icon.png", "strip.png"),
            path.replace("img_", "img_0"),
            path.replace(shop.merchant_id, other_shop.merchant_id),
            path.replace("icon.png", "..%2Ficon.png"),
        ]

        assert [anybody.get(one).status for one in others] == [404] * 4

    @pytest.mark.parametrize(
        ("content", "kind", "status", "code"),
        [
            (b"<svg/>", "image/png", 400, "image_invalid"),
            (b"<svg/>", "image/svg+xml", 415, "unsupported_media_type"),
            (b"", "image/png", 400, "image_invalid"),
            (picture()[:300], "image/png", 400, "image_invalid"),
            (bytes(1_000_001), "image/png", 413, "body_too_large"),
            (b"{}", "application/json", 415, "unsupported_media_type"),
        ],
    )
    def test_what_is_no_image_is_refused(
        self, shop: Shop, content: bytes, kind: str, status: int, code: str
    ) -> None:
        answer = upload(shop.office, "logo", content, kind=kind)

        assert (answer.status, answer.code) == (status, code)
        assert shop.office.get("/v1/pass-images").json["items"] == []

    @pytest.mark.parametrize("query", ["", "?use=hero", "?use=logo&use=icon", "?size=1"])
    def test_an_upload_says_what_it_is_for(self, shop: Shop, query: str) -> None:
        path = f"/v1/pass-images{query}"
        headers = {"Content-Type": "image/png"}

        answer = shop.office.call("POST", path, raw=picture(), headers=headers)

        assert (answer.status, answer.code in ("bad_input", "unknown_field")) == (400, True)

    def test_only_this_call_takes_more_than_64_kilobytes(self, shop: Shop) -> None:
        headers = {"Content-Type": "application/json"}
        raw = b'{"program_name": "' + b"x" * 70_000 + b'"}'

        answer = shop.office.call("PUT", "/v1/pass-design/draft", raw=raw, headers=headers)

        assert (answer.status, answer.code) == (413, "body_too_large")

    def test_an_image_that_is_shown_cannot_be_deleted(self, shop: Shop) -> None:
        image_id = upload(shop.office, "logo").json["id"]
        publish(shop, {"logo": image_id})

        refused = shop.office.call("DELETE", f"/v1/pass-images/{image_id}")
        publish(shop, {})
        deleted = shop.office.call("DELETE", f"/v1/pass-images/{image_id}")
        again = shop.office.call("DELETE", f"/v1/pass-images/{image_id}")

        assert (refused.status, refused.code) == (409, "image_in_use")
        assert (deleted.status, deleted.json["id"]) == (200, image_id)
        assert (again.status, again.code) == (404, "image_not_found")

    def test_a_design_shows_no_image_of_another_merchant(
        self, shop: Shop, other_shop: Shop
    ) -> None:
        image_id = upload(shop.office, "logo").json["id"]

        answer = other_shop.office.call("PUT", "/v1/pass-design/draft", {"logo": image_id})

        assert answer.json["errors"] == [
            {"pointer": "/logo", "detail": "there is no such image"}
        ]

    def test_google_is_told_where_its_images_are(self, shop: Shop, anybody: Caller) -> None:
        strip, logo = (upload(shop.office, use).json["id"] for use in ("strip", "logo"))
        publish(shop, {"strip": strip, "logo": logo})
        design = services().pass_designs.look(shop.merchant_id).design

        urls = google_image_urls(shop.merchant_id, design)

        assert set(urls) == {"logo", "hero"}
        sizes = {
            name: Image.open(io.BytesIO(anybody.get(url.removeprefix(BASE)).body)).size
            for name, url in urls.items()
        }
        assert sizes == {"logo": (660, 660), "hero": (1032, 336)}


def test_a_pass_with_images_of_its_own_stays_within_forty_kilobytes(
    shop: Shop, client: Client
) -> None:
    images: dict[str, bytes] = {}
    for use in ("strip", "logo", "icon"):
        image_id = upload(shop.office, use).json["id"]
        images |= uploaded(shop.merchant_id)(image_id)
    path = shop.join()["apple_pass_url"].removeprefix(BASE)
    with ZipFile(io.BytesIO(Caller(client).get(path).body)) as plain:
        rest = [name for name in plain.namelist() if not name.endswith(".png")]
        others = sum(len(plain.read(name)) + 2 * len(name) + 100 for name in rest)

    assert set(images) == {
        f"{use}{scale}.png" for use in ("strip", "logo", "icon") for scale in ("", "@2x", "@3x")
    }
    assert others + sum(len(png) + 150 for png in images.values()) <= 40_000
