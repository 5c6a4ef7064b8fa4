"""Owners' addresses and passwords: what is taken for one, and what is tried first."""

from datetime import timedelta

import pytest

from chalicelib.domain.owners import (
    EMAIL_CHARS_MAX,
    GUESSES_PER_NETWORK,
    PASSWORD_CHARS_MAX,
    SHOPS_PER_NETWORK,
    EmailInvalid,
    Owner,
    PasswordWeak,
    checked_password,
    folded_email,
    guess_charges,
    shop_charges,
)
from tests.builders import NOON, SHOP


def weakness(password: str, email: str = "anna.k@kolos-bread.ru", name: str = "Колос") -> str:
    with pytest.raises(PasswordWeak) as refused:
        checked_password(password, email=email, merchant_name=name)
    return str(refused.value.facts["reason"])


def takes(password: str, email: str = "anna.k@kolos-bread.ru", name: str = "Колос") -> bool:
    return checked_password(password, email=email, merchant_name=name) == password


class TestAddresses:
    @pytest.mark.parametrize(
        "text", ["a@b.ru", " A@B.RU\t", "Anna+shop@mail.example.org", "почта@пример.рф"]
    )
    def test_are_looked_up_in_small_letters_without_margins(self, text: str) -> None:
        assert folded_email(text) == text.strip().lower()

    @pytest.mark.parametrize(
        "text",
        [
            "", "a", "@b.ru", "a@", "a@b", "a@b.", "a@.ru", "a@b@c.ru", "a b@c.ru",
            "a@b\u00a0c.ru", "a\x00@b.ru", "a@b.r\u200bu",
        ],
    )  # fmt: skip
    def test_that_nobody_can_have_are_refused(self, text: str) -> None:
        with pytest.raises(EmailInvalid, match=r"name@example\.org"):
            folded_email(text)

    def test_have_a_greatest_length(self) -> None:
        rest = "@example.org"
        longest = "a" * (EMAIL_CHARS_MAX - len(rest)) + rest

        assert folded_email(longest) == longest
        with pytest.raises(EmailInvalid, match="254"):
            folded_email(f"a{longest}")


class TestPasswords:
    def test_have_twelve_to_a_hundred_and_twenty_eight_characters(self) -> None:
        assert weakness("vT7-qLm2.xZ") == "short"
        assert takes("vT7-qLm2.xZ9")
        long = ("vT7-qLm2.xZ9" * 11)[:PASSWORD_CHARS_MAX]
        assert takes(long)
        assert weakness(f"{long}a") == "long"

    @pytest.mark.parametrize(
        "password",
        [
            "password12345!",  # a word of the list with a tail
            "Pass Word 12345",  # spaces and capitals hide nothing
            "abababababab",  # of two symbols
            "abcabcabcabc",  # of three
            "qwertyuiop[]"[:10] + "as",  # a row of keys
            "йцукенгшщзхъ",
            "ъхзщшгнекуцй",  # a row backwards
            "890123456789",  # a row that starts again
            "mlkjihgfedcba",
        ],
    )
    def test_that_are_tried_first_are_refused(self, password: str) -> None:
        assert weakness(password) == "common"

    def test_of_four_symbols_in_no_row_are_taken(self) -> None:
        assert takes("abdcbadcabdc")

    @pytest.mark.parametrize(
        "password",
        [
            "anna.k-2026-xy",  # the name before the sign
            "Kolos-Bread-2026",  # the host without its last part
            "колос-Колос-колос",  # the shop, again and again
            "xyz-пекарняколос",  # its words without the space
        ],
    )
    def test_made_of_names_everybody_knows_are_refused(self, password: str) -> None:
        assert weakness(password, name="Пекарня Колос") == "names"

    def test_may_hold_a_name_if_enough_is_left_without_it(self) -> None:
        assert takes("колос-vT7qLm2xZ9k")

    def test_may_hold_a_short_name_that_is_there_by_chance(self) -> None:
        assert takes("vT7-qLm2.xZ9", email="t7@qlm.ru", name="xZ9")

    def test_the_longest_name_is_taken_out_first(self) -> None:
        # "anna" first would leave "stasia" of the longer one: 12 symbols with the rest.
        assert weakness("annastasia-7vQ2x", email="annastasia@b.ru", name="Anna") == "names"


class TestLimits:
    def test_a_network_guesses_so_often_an_hour(self) -> None:
        (charge,) = guess_charges("10.0.0.0/24", NOON)

        assert (charge.name, charge.subject) == ("owner_guesses", "10.0.0.0/24")
        assert charge.maximum == GUESSES_PER_NETWORK
        assert charge.ends_at == NOON.replace(minute=0) + timedelta(hours=1)

    def test_a_network_opens_so_many_shops_a_day(self) -> None:
        (charge,) = shop_charges("10.0.0.0/24", NOON)

        assert (charge.name, charge.subject) == ("shops", "10.0.0.0/24")
        assert charge.maximum == SHOPS_PER_NETWORK
        assert charge.ends_at == NOON.replace(hour=0) + timedelta(days=1)


class TestASecondFactorThatIsBegun:
    def test_can_be_confirmed_until_its_moment(self) -> None:
        until = NOON + timedelta(minutes=10)
        owner = Owner(
            email="a@b.ru",
            email_hash="h",
            merchant_id=SHOP,
            staff_id="stf_a",
            created_at=NOON,
            password_hash="h",
            new_secret=b"secret",
            new_until=until,
        )

        assert owner.is_begun(NOON)
        assert not owner.is_begun(until)
