"""Whole passes of the ready designs: small, and accepted by Apple's rules."""

import pytest

from chalicelib.domain.design_document import read_design
from chalicelib.domain.pass_images import PASS_BYTES_WANTED
from chalicelib.domain.templates import NAMES
from passes.apple import ApplePassSigner
from passes.card import colours_shown
from passes.images import images_of
from passes.templates import template_design
from tests.passes.builders import WEB_SERVICE_URL, card
from tests.passes.reading import files_of


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_pass_has_at_most_forty_kilobytes(name: str, signer: ApplePassSigner) -> None:
    found = template_design(name)
    assert found is not None
    design, shown = read_design(found.document, 1), card()
    files = found.pass_files

    images = images_of(design, colours_shown(shown, design), files.__getitem__)
    made = signer.build(shown, design, images, web_service_url=WEB_SERVICE_URL)

    assert len(made) <= PASS_BYTES_WANTED
    assert files_of(made)["strip@3x.png"] == files[design.strip]["strip@3x.png"]
