"""A forgotten password over the real engine: a letter with a link, good once, and the pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from urllib.parse import urlencode

import pytest
from chalice.test import Client

from chalicelib.domain.attempts import SignInLocked, SignInRefused
from chalicelib.domain.members import OutgoingSms
from chalicelib.domain.owners import (
    LETTER_GOOD_FOR,
    LETTERS_PER_OWNER,
    EmailInvalid,
    PasswordLinkOver,
    PasswordWeak,
)
from chalicelib.domain.sessions import SessionExpired
from chalicelib.ports import LimitReached
from chalicelib.usecases.owners import change_password, give_second_factor, owner_of
from chalicelib.usecases.password_letters import ask_for_letter, owner_of_link, set_password
from chalicelib.usecases.shops import OpenedShop
from chalicelib.wiring import Services
from tests.api.caller import Answer, Caller
from tests.api.test_owners import PASSWORD, code_now, enter, later, opening, with_factor
from tests.fakes.clock import NOON

NEW = "nine tiny silver forks"
PAGE = "https://loyalty.test/admin/new-password"
_NETWORKS = count(1)


@pytest.fixture
def opened(wired: Services) -> Iterator[OpenedShop]:
    wired.clock.set(NOON)
    for merchant_id, message_id in wired.sms_outbox.waiting(limit=1_000):
        left = wired.sms_outbox.find(merchant_id, message_id)
        if left:
            wired.sms_outbox.save(replace(left, state="taken"))
    yield opening(wired)
    wired.clock.reset()


def letters(wired: Services) -> list[OutgoingSms]:
    """Return the letters that are to leave."""
    found = (wired.sms_outbox.find(*one) for one in wired.sms_outbox.waiting(limit=1_000))
    return [one for one in found if one]


def ask(wired: Services, email: str) -> None:
    ask_for_letter(
        email,
        page=PAGE,
        language="ru",
        network=f"10.9.0.{next(_NETWORKS)}",
        at=wired.clock.now(),
        desk=wired.owner_desk,
        merchants=wired.merchants,
    )


def link_sent(wired: Services, opened: OpenedShop) -> str:
    """Ask for a letter; the last part of its link."""
    ask(wired, opened.owner.email)
    found = re.search(rf"{PAGE}/([^?\s]+)\?lang=ru\n", letters(wired)[-1].text)
    assert found
    return found[1]


def use(wired: Services, link: str, password: str = NEW) -> None:
    set_password(
        link,
        password,
        at=wired.clock.now(),
        desk=wired.owner_desk,
        merchants=wired.merchants,
    )


def is_good(wired: Services, link: str) -> bool:
    try:
        owner_of_link(link, at=wired.clock.now(), desk=wired.owner_desk)
    except PasswordLinkOver:
        return False
    return True


def guessed_too_often(wired: Services, opened: OpenedShop) -> bool:
    try:
        enter(wired, opened, "a wrong password")
    except SignInLocked:
        return True
    except SignInRefused:
        return False
    raise AssertionError("a wrong password is refused")


class TestLetter:
    def test_it_goes_to_the_address_as_it_was_signed_up(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        ask(wired, f" {opened.owner.email.upper()} ")

        [letter] = letters(wired)
        subject, _, text = letter.text.partition("\n\n")
        assert letter.to == opened.owner.email
        assert letter.expires_at == NOON + LETTER_GOOD_FOR
        assert subject == "Пекарня «Колос»: новый пароль кабинета"
        assert f"{PAGE}/" in text

    def test_nobody_is_written_to_at_an_address_nobody_has(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        ask(wired, "nobody@example.org")

        assert letters(wired) == []

    @pytest.mark.parametrize("is_known", [True, False])
    def test_an_address_gets_so_many_an_hour_whether_or_not_anybody_has_it(
        self, wired: Services, opened: OpenedShop, is_known: bool
    ) -> None:
        email = opened.owner.email if is_known else "somebody@example.org"
        for _ in range(LETTERS_PER_OWNER):
            ask(wired, email)

        with pytest.raises(LimitReached):
            ask(wired, email)

        assert len(letters(wired)) == (LETTERS_PER_OWNER if is_known else 0)
        later(wired, hours=1)
        ask(wired, email)

    def test_what_is_no_address_is_refused(self, wired: Services, opened: OpenedShop) -> None:
        with pytest.raises(EmailInvalid):
            ask(wired, "anna")


class TestLink:
    def test_it_sets_the_password_once_and_ends_every_session(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        other = enter(wired, opened)
        link = link_sent(wired, opened)

        use(wired, link)

        with pytest.raises(SignInRefused):
            enter(wired, opened)
        assert enter(wired, opened, NEW).session_id
        for session in (opened.opened.session, other):
            found = wired.staff_sessions.find(session.merchant_id, session.session_id)
            assert found is None
        assert not is_good(wired, link)
        with pytest.raises(PasswordLinkOver):
            use(wired, link, "ten other iron spoons")
        deeds = [
            one.deed for one in wired.staff_room.audit(opened.merchant.merchant_id, limit=5)
        ]
        assert "password_reset" in deeds

    def test_it_is_good_for_half_an_hour(self, wired: Services, opened: OpenedShop) -> None:
        link = link_sent(wired, opened)

        later(wired, minutes=30, seconds=-1)
        assert is_good(wired, link)
        later(wired, seconds=1)
        assert not is_good(wired, link)

    def test_any_other_change_of_the_password_ends_it(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        first, second = link_sent(wired, opened), link_sent(wired, opened)
        assert is_good(wired, first)

        change_password(
            opened.opened.session,
            PASSWORD,
            NEW,
            merchant_name="Kolos",
            at=wired.clock.now(),
            desk=wired.owner_desk,
        )

        assert not is_good(wired, first)
        assert not is_good(wired, second)

    def test_what_is_changed_in_it_makes_it_worthless(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        other = opening(wired)
        email_hash, ends, token = link_sent(wired, opened).split(".")

        forged = [
            f"{other.owner.email_hash}.{ends}.{token}",
            f"{email_hash}.{int(ends) + 60}.{token}",
            f"{email_hash}.{ends}.{token[:-1]}",
            f"{email_hash}.{ends}.",
            f"{email_hash}.{ends}",
            f"{email_hash}.{'9' * 5_000}.{token}",
            f"{email_hash}.²³.{token}",
            f"{'00' * 32}.{ends}.{token}",
            email_hash,
            "..",
            "",
        ]

        assert not [one for one in forged if is_good(wired, one)]

    @pytest.mark.parametrize("password", ["short", "password1234", "x" * 129])
    def test_a_weak_password_is_refused_and_the_link_stays_good(
        self, wired: Services, opened: OpenedShop, password: str
    ) -> None:
        link = link_sent(wired, opened)

        with pytest.raises(PasswordWeak):
            use(wired, link, password)

        assert is_good(wired, link)

    def test_the_code_of_the_phone_is_asked_for_all_the_same(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        with_factor(wired, opened)
        later(wired, minutes=5)
        use(wired, link_sent(wired, opened))

        session = enter(wired, opened, NEW)

        assert session.is_pending
        with pytest.raises(SessionExpired):
            owner_of(replace(session, owner_id=""), wired.owner_desk)
        code, desk = code_now(wired, session), wired.owner_desk
        entered = give_second_factor(session, code, at=wired.clock.now(), desk=desk)
        assert not entered.session.is_pending

    def test_who_was_locked_out_by_guesses_signs_in_with_the_new_one(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        while not guessed_too_often(wired, opened):
            pass

        use(wired, link_sent(wired, opened))

        assert enter(wired, opened, NEW).session_id


class TestPages:
    @pytest.fixture
    def send(self, client: Client):
        def send(path: str, **fields: str) -> Answer:
            sent = {
                "Sec-Fetch-Site": "same-origin",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept-Language": "en",
            }
            raw = urlencode({"key": "0" * 32, **fields}).encode()
            return Caller(client).call("POST", path, raw=raw, headers=sent)

        return send

    def test_known_or_not_the_same_is_told(
        self, wired: Services, opened: OpenedShop, send
    ) -> None:
        answers = [
            send("/admin/forgotten", email=email)
            for email in (opened.owner.email, "whoever@example.org")
        ]

        places = {(one.status, one.headers["Location"], one.body) for one in answers}
        assert places == {(303, "/admin/forgotten?done=letter", b"")}

    def test_to_open_the_link_changes_nothing_and_to_send_its_form_does(
        self, wired: Services, opened: OpenedShop, send, client: Client
    ) -> None:
        path = f"/admin/new-password/{link_sent(wired, opened)}"

        shown = [Caller(client).get(path) for _ in range(2)]
        assert [one.status for one in shown] == [200, 200]
        assert shown[0].headers["Referrer-Policy"] == "no-referrer"
        assert opened.owner.email in shown[0].body.decode()
        weak = send(path, password="short")
        assert (weak.status, b"easy to guess" in weak.body) == (422, True)
        assert send(path).status == 422
        moved = send(path, password=NEW)

        assert moved.headers["Location"] == "/admin/sign-in?done=password"
        assert Caller(client).get(path).status == 410
        assert send(path, password=NEW).status == 410

    def test_another_site_can_send_neither_form(
        self, wired: Services, opened: OpenedShop, client: Client
    ) -> None:
        path = f"/admin/new-password/{link_sent(wired, opened)}"
        sent = {
            "Sec-Fetch-Site": "cross-site",
            "Content-Type": "application/x-www-form-urlencoded",
        }

        for there, raw in (
            (path, b"password=" + NEW.encode()),
            ("/admin/forgotten", b"email=a@b.c"),
        ):
            refused = Caller(client).call("POST", there, raw=raw, headers=sent)
            assert refused.status == 403

        assert enter(wired, opened).session_id

    @pytest.mark.parametrize(("email", "said"), [("", b"Fill"), ("anna", b"needs an @")])
    def test_an_address_that_is_none_is_told_so(
        self, wired: Services, opened: OpenedShop, send, email: str, said: bytes
    ) -> None:
        answer = send("/admin/forgotten", email=email)

        assert answer.status == 422
        assert said in answer.body
