"""A merchant's id, made of its name."""

import pytest

from chalicelib.domain.slugs import SLUG_CHARS_MAX, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Щука & Ёж", "shchuka-ezh"),
        ("Объезд, подъём", "obezd-podem"),
        ("Йод Цех Чай Шум Эхо Юг Яр", "yod-tsekh-chay-shum-ekho-yug-yar"),
        ("Їжак і Ґанок, Єва", "yizhak-i-ganok-yeva"),
        ("  Ünter den  Linden!  ", "unter-den-linden"),
        ("a_b", "ab"),
        ("Æ", "shop"),
        ("-", "shop"),
    ],
)
def test_is_in_small_latin_letters_digits_and_single_hyphens(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_is_cut_without_a_hyphen_at_its_end() -> None:
    name = "a" * (SLUG_CHARS_MAX - 1) + " bakery"

    assert slug_of(name) == "a" * (SLUG_CHARS_MAX - 1)
    assert slug_of("b" * (SLUG_CHARS_MAX + 5)) == "b" * SLUG_CHARS_MAX
