"""A phone never gets the old program under the new version."""

import io
import json
from email.utils import parsedate_to_datetime
from zipfile import ZipFile

from chalicelib.adapters.dynamo.merchants import DynamoMerchants
from tests.api.caller import Caller
from tests.api.shop import PROGRAM, Shop
from tests.api.test_pass_designs import BASE, publish


def fetched(shop: Shop, path: str) -> tuple[int, dict]:
    answer = Caller(shop.client).get(path)
    with ZipFile(io.BytesIO(answer.body)) as archive:
        content = json.loads(archive.read("pass.json"))
    return int(parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp()), content


def test_a_program_of_another_process_comes_with_its_version(shop: Shop, wired) -> None:
    path = shop.join()["apple_pass_url"].removeprefix(BASE)
    before, old = fetched(shop, path)
    there = DynamoMerchants(wired.ledger._connection)
    there.publish(shop.merchant_id, {**PROGRAM, "title": "Anew"}, 2, at=wired.clock.now())

    after, new = fetched(shop, path)

    assert (old["logoText"], new["logoText"]) == ("Roastery", "Anew")
    assert after == before + 1


def test_publishing_starts_the_job(shop: Shop, wired) -> None:
    publish(shop, {"near_m": 5})

    queued = [json.loads(one.body) for one in wired.queue.take("schedule", 100)]

    assert [one["merchant_id"] for one in queued] == [shop.merchant_id]
    assert shop.merchant_id not in wired.pass_designs.untold()
