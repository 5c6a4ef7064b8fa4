"""What a phone has seen of its passes, and what it is told has changed."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pass_tags import PARTS_MAX, TAG_CHARS_MAX, changed_since, tag_of

serials = st.integers(0, 200).map(lambda number: f"shop.mem_{number}")
versions = st.integers(1, 4_000_000_000)
wallets = st.dictionaries(serials, versions, min_size=1, max_size=2 * PARTS_MAX)


@given(wallets)
def test_what_was_told_has_not_changed(wallet: dict[str, int]) -> None:
    assert changed_since(tag_of(wallet), wallet) == ()


@given(wallets, st.data())
def test_every_change_is_told_whatever_the_other_versions_are(
    wallet: dict[str, int], data: st.DataObject
) -> None:
    grown = data.draw(st.dictionaries(st.sampled_from(sorted(wallet)), st.integers(1, 10**6)))
    later = {serial: version + grown.get(serial, 0) for serial, version in wallet.items()}

    told = changed_since(tag_of(wallet), later)

    assert set(grown) <= set(told)


@given(st.dictionaries(serials, versions, min_size=1, max_size=8), st.data())
def test_of_few_passes_only_the_changed_ones_are_told(
    wallet: dict[str, int], data: st.DataObject
) -> None:
    serial = data.draw(st.sampled_from(sorted(wallet)))

    told = changed_since(tag_of(wallet), {**wallet, serial: wallet[serial] + 1})

    assert told == (serial,)


@given(wallets, serials, versions)
def test_a_pass_that_came_to_the_phone_since_is_told(
    wallet: dict[str, int], serial: str, version: int
) -> None:
    before = {held: moved for held, moved in wallet.items() if held != serial}

    told = changed_since(tag_of(before), {**before, serial: version})

    assert serial in told


@given(st.text(), wallets)
def test_any_text_is_a_tag_and_at_worst_all_is_told(text: str, wallet: dict[str, int]) -> None:
    told = changed_since(text, wallet)

    assert set(told) <= set(wallet)


@given(wallets)
def test_a_tag_is_a_text_that_fits_an_address(wallet: dict[str, int]) -> None:
    tag = tag_of(wallet)

    assert len(tag) <= TAG_CHARS_MAX
    assert tag.replace(".", "").isdigit()


def test_a_bare_number_is_a_version() -> None:
    wallet = {"a": 1_790_000_000, "b": 1_790_000_005}

    assert changed_since("1790000004", wallet) == ("b",)
    assert changed_since("1790000005", wallet) == ()
    assert changed_since("0", wallet) == ("a", "b")


def test_of_a_thousand_passes_few_are_told_with_the_changed_one() -> None:
    wallet = {f"shop.mem_{number}": 1_790_000_000 for number in range(1_000)}
    serial = "shop.mem_500"

    told = changed_since(tag_of(wallet), {**wallet, serial: wallet[serial] + 1})

    assert serial in told
    assert len(told) < 40
