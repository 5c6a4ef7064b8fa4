"""The catalogue over the API, by both ways in: Lambda's events and the local gateway."""

import io
import json
from typing import Any

import pytest

import app
from chalicelib.adapters.dynamo.connection import watch
from chalicelib.domain.catalogue import BYTES_MAX, FAULTS_MAX, Article, as_csv
from chalicelib.domain.receipts import ReceiptKey
from chalicelib.wiring import services
from local.gateway import Gateway
from tests.api.caller import Answer
from tests.api.shop import Shop

HEADER = "sku,category,margin\n"
RUSSIAN = "sku;category;margin;name\r\nК-1;кофе;низкая;Эфиопия\r\n"


def put(shop: Shop, text: str | bytes, mode: str = "", kind: str = "text/csv") -> Answer:
    query = f"?mode={mode}" if mode else ""
    return shop.office.put_csv(f"/v1/catalogue{query}", text, kind)


def skus(shop: Shop) -> list[str]:
    return [one["sku"] for one in shop.till.get("/v1/catalogue").json["items"]]


@pytest.mark.parametrize("kind", ["text/csv", "Text/CSV; charset=utf-8"])
def test_a_file_is_imported_and_told(shop: Shop, kind: str) -> None:
    answer = put(shop, HEADER + "C-1,coffee,low\nC-2,tea,\n", kind=kind)

    told = answer.json
    assert (answer.status, told["version"], told["rows"]) == (200, 1, 2)
    assert (told["categories"], told["margins"]) == (["coffee", "tea"], ["low"])
    assert (told["added"], told["changed"], told["removed"]) == (2, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_russian_spreadsheet_is_imported_as_it_is_saved(shop: Shop, encoding: str) -> None:
    put(shop, RUSSIAN.encode(encoding))

    (found,) = shop.till.get("/v1/catalogue").json["items"]
    assert found == {
        "object": "article",
        "sku": "К-1",
        "category": "кофе",
        "margin": "низкая",
        "name": "Эфиопия",
    }


def test_a_file_adds_unless_it_is_told_to_replace(shop: Shop) -> None:
    put(shop, HEADER + "C-1,coffee,\nC-2,tea,\n")

    put(shop, HEADER + "C-3,milk,\n", "add")
    added = skus(shop)
    replaced = put(shop, HEADER + "C-3,milk,\n", "replace")

    assert added == ["C-1", "C-2", "C-3"]
    assert (skus(shop), replaced.json["removed"]) == (["C-3"], 2)


def test_the_same_file_again_changes_nothing(shop: Shop) -> None:
    first = put(shop, HEADER + "C-1,coffee,\n")

    again = put(shop, HEADER + "C-1,coffee,\n", "replace")

    assert again.json["version"] == first.json["version"] == 1
    assert again.json["updated_at"] == first.json["updated_at"]


def test_every_bad_row_is_told_and_nothing_is_imported(shop: Shop) -> None:
    put(shop, HEADER + "C-1,coffee,\n")
    bad = "".join(f"D-{n},,\n" for n in range(150))

    refused = put(shop, HEADER + "C-2,tea,\nC-2,tea,\n" + bad, "replace")

    errors = refused.json["errors"]
    assert (refused.status, refused.code) == (400, "catalogue_invalid")
    assert len(errors) == FAULTS_MAX
    assert errors[0] == {
        "pointer": "/3/sku",
        "row": "3",
        "column": "sku",
        "detail": "is that of row 2 again",
    }
    assert skus(shop) == ["C-1"]


@pytest.mark.parametrize(
    ("text", "kind", "status", "code"),
    [
        (HEADER, "application/json", 415, "unsupported_media_type"),
        (HEADER, "text/plain", 415, "unsupported_media_type"),
        (HEADER, "", 415, "unsupported_media_type"),
        ("x" * (BYTES_MAX + 1), "text/csv", 413, "body_too_large"),
        ("", "text/csv", 400, "catalogue_invalid"),
    ],
)
def test_what_is_no_csv_is_refused(
    shop: Shop, text: str, kind: str, status: int, code: str
) -> None:
    answer = put(shop, text, kind=kind)

    assert (answer.status, answer.code) == (status, code)
    assert skus(shop) == []


def test_a_mode_nobody_knows_is_refused(shop: Shop) -> None:
    assert put(shop, HEADER, "merge").code == "bad_input"


def test_the_list_goes_page_by_page(shop: Shop) -> None:
    put(shop, HEADER + "".join(f"Ж-{n:03d},coffee,\n" for n in range(250)))

    listed, cursor, pages = [], "", 0
    while cursor is not None:
        page = shop.till.get(f"/v1/catalogue?limit=100{cursor and f'&cursor={cursor}'}").json
        listed += [one["sku"] for one in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1

    assert listed == [f"Ж-{n:03d}" for n in range(250)]
    assert pages == 3


@pytest.mark.parametrize("cursor", ["%21", "abcde", "_w"])
def test_a_cursor_that_is_none_of_ours_is_refused(shop: Shop, cursor: str) -> None:
    assert shop.till.get(f"/v1/catalogue?cursor={cursor}").code == "bad_input"


def test_the_file_read_back_can_be_imported_again(shop: Shop) -> None:
    put(shop, RUSSIAN.encode("cp1251"))

    answer = shop.till.get("/v1/catalogue.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.body == as_csv([Article("К-1", "кофе", "низкая", "Эфиопия")])
    assert put(shop, answer.body, "replace").json["version"] == 1


def test_a_sku_nobody_knows_is_404(shop: Shop) -> None:
    assert shop.till.get("/v1/catalogue/C-1").code == "not_found"


def test_a_till_that_sends_skus_is_priced_by_the_catalogue(shop: Shop) -> None:
    put(shop, HEADER + "C-1,coffee,low\n")
    lines = [{"sku": "C-1", "quantity": "1", "unit_price_minor": 10_000}]

    sold = shop.till.post("/v1/purchases", {**shop.sale(None), "lines": lines})

    key = ReceiptKey(shop.merchant_id, "till-1", "r1")
    (stored,) = services().ledger.receipt(key).lines
    assert (stored.sku, stored.category, stored.margin) == ("C-1", "coffee", "low")
    assert sold.json["lines"][0]["category"] == "coffee"


def test_what_a_sale_costs_in_calls(shop: Shop) -> None:
    put(shop, HEADER + "C-1,coffee,low\nC-2,tea,\n")
    line = {"quantity": "1", "unit_price_minor": 10_000}
    skus = [{"sku": f"C-{n}", **line} for n in range(99)]
    member = shop.join()["member_id"]
    shop.till.post("/v1/quotes", {"channel": "offline", "total_minor": 1})  # keys are known
    calls: list[str] = []
    stop = watch(services().connection, lambda name, _: calls.append(name))

    shop.till.post(
        "/v1/purchases", shop.sale(member, "r1", lines=[{**skus[1], "category": "x"}])
    )
    named, calls[:] = calls[:], []
    shop.till.post("/v1/purchases", shop.sale(member, "r2", lines=skus))

    stop()
    assert named == ["GetItem", "TransactWriteItems"]
    assert calls == ["BatchGetItem", *named]


def test_a_till_may_not_import(shop: Shop) -> None:
    assert shop.till.put_csv("/v1/catalogue", HEADER).code == "scope_missing"


def test_the_gateway_of_one_machine_takes_and_gives_files_too(shop: Shop) -> None:
    rows = "".join(f"Ж-{n:05d},{'категория'},{'x' * 60}\n" for n in range(46_000))
    text = (HEADER + rows).encode()
    assert BYTES_MAX * 0.9 < len(text) <= BYTES_MAX

    status, told = _by_gateway(shop, "PUT", "/v1/catalogue", text)
    read_status, read = _by_gateway(shop, "GET", "/v1/catalogue.csv")

    assert (status, json.loads(told)["rows"]) == (200, 46_000)
    assert (read_status, read.decode("utf-8-sig").splitlines()[46_000]) == (
        200,
        f"Ж-45999,категория,{'x' * 60},",
    )


def _by_gateway(shop: Shop, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "text/csv" if body else "",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {shop.office.credential}",
        "wsgi.input": io.BytesIO(body),
    }
    content = Gateway(app.app)(environ, lambda status, headers: said.append(status))
    return int(said[0].split()[0]), b"".join(content)
