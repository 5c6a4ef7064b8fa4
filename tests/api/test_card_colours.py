"""A merchant has one accent; whatever it is, text and labels can be read on it."""

from itertools import product

from chalicelib.api.cards import colours_of
from chalicelib.domain.colours import CONTRAST_MIN, contrast, read_colour

PARTS = range(0, 256, 15)


def test_text_and_labels_can_be_read_on_any_accent() -> None:
    accents = [f"#{bytes(parts).hex()}" for parts in product(PARTS, repeat=3)]

    contrasts = []
    for accent in accents:
        found = colours_of(accent)
        ground, text, label = (
            read_colour(one) for one in (found.background, found.foreground, found.label)
        )
        assert ground
        assert text
        assert label
        contrasts += [contrast(text, ground), contrast(label, ground)]

    assert min(contrasts) >= CONTRAST_MIN
