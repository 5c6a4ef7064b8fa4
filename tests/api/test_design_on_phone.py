"""What a merchant publishes is what its members' phones get, and it stays small."""

import io
import json
from zipfile import ZipFile

from PIL import Image

from tests.api.caller import Caller
from tests.api.shop import Shop
from tests.api.test_pass_designs import BASE, publish, upload
from tests.domain.designs import FULL


def test_a_phone_gets_the_published_design_within_forty_kilobytes(shop: Shop) -> None:
    uses = ("strip", "logo", "icon")
    publish(shop, {**FULL, **{use: upload(shop.office, use).json["id"] for use in uses}})

    answer = Caller(shop.client).get(shop.join()["apple_pass_url"].removeprefix(BASE))

    with ZipFile(io.BytesIO(answer.body)) as archive:
        said = json.loads(archive.read("pass.json"))
        strip = Image.open(io.BytesIO(archive.read("strip@3x.png"))).convert("RGB")
        names = archive.namelist()
    assert (said["logoText"], said["barcodes"][0]["format"]) == (
        "Узор Бонус",
        "PKBarcodeFormatAztec",
    )
    assert strip.getpixel((5, 5)) == (0x7A, 0x3B, 0x12)
    assert not [name for name in names if "google" in name]
    assert len(answer.body) <= 40_000
