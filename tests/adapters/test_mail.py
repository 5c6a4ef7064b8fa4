"""Letters: to a real server over STARTTLS, to the box of one machine, by their address."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalicelib.adapters.by_address import ByAddress
from chalicelib.adapters.mail_console import ConsoleMail
from chalicelib.adapters.mail_smtp import MailServer, SmtpMail
from chalicelib.adapters.sms_console import LocalOutbox
from chalicelib.ports import (
    Letter,
    MailRejected,
    MailUnavailable,
    Sms,
    SmsRejected,
    SmsUnavailable,
)
from tests.adapters.mail_server import HOST, MailServerInTest
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSmsSender

LETTER = Letter("sms_1", "ann@example.com", "Пекарня: код", "Ваш код: 246810\n")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServerInTest]:
    started = MailServerInTest(tmp_path)
    yield started
    started.close()


def mailer(server: MailServerInTest, **changes: object) -> SmtpMail:
    fields = {
        "host": HOST, "port": server.port, "sender": "cards@shop.example",
        "user": "shop", "password": "secret", "ca_file": str(server.ca_file),
    }  # fmt: skip
    return SmtpMail(lambda: MailServer(**fields | changes))  # type: ignore[arg-type]


class TestSmtp:
    def test_a_letter_arrives_whole_within_tls(self, server: MailServerInTest) -> None:
        mailer(server).send(LETTER)

        [letter] = server.letters
        assert (letter["From"], letter["To"]) == ("cards@shop.example", "ann@example.com")
        assert letter["Subject"] == "Пекарня: код"
        assert letter.get_content().splitlines() == ["Ваш код: 246810"]
        assert letter["Message-ID"] == "<sms_1@shop.example>"
        assert server.recipients == ["ann@example.com"]
        assert server.logins == ["\0shop\0secret"]

    def test_a_server_without_tls_gets_nothing(self, tmp_path: Path) -> None:
        server = MailServerInTest(tmp_path, offers_tls=False)

        with pytest.raises(MailUnavailable):
            mailer(server).send(LETTER)

        assert (server.letters, server.logins) == ([], [])
        server.close()

    def test_a_server_of_a_stranger_gets_nothing(self, server: MailServerInTest) -> None:
        with pytest.raises(MailUnavailable):
            mailer(server, ca_file="").send(LETTER)

        assert (server.letters, server.logins) == ([], [])

    @pytest.mark.parametrize(
        ("command", "reply", "trouble"),
        [
            ("RCPT", "550 no such user", MailRejected),
            ("RCPT", "450 try later", MailUnavailable),
            ("MAIL", "552 too much", MailRejected),
            ("DATA", "451 try later", MailUnavailable),
            ("AUTH", "535 wrong password", MailUnavailable),
        ],
    )
    def test_what_the_server_refuses_is_told_apart(
        self,
        server: MailServerInTest,
        command: str,
        reply: str,
        trouble: type[Exception],
    ) -> None:
        server.answers[command] = reply

        with pytest.raises(trouble):
            mailer(server).send(LETTER)

        assert server.letters == []

    def test_a_server_that_is_away_is_trouble(self, server: MailServerInTest) -> None:
        server.close()

        with pytest.raises(MailUnavailable):
            mailer(server).send(LETTER)

    @pytest.mark.parametrize("to", ["ann", "ann@exa mple", "a@b.c\r\nBcc: eve@evil.example"])
    def test_what_is_no_address_is_rejected(self, server: MailServerInTest, to: str) -> None:
        with pytest.raises(MailRejected):
            mailer(server).send(Letter("sms_1", to, "s", "t"))

        assert server.letters == []

    def test_a_subject_stays_one_line(self, server: MailServerInTest) -> None:
        mailer(server).send(Letter("sms_1", LETTER.to, "a\r\nBcc: eve@evil.example", "t"))

        assert server.letters[0]["Subject"] == "a Bcc: eve@evil.example"
        assert server.letters[0]["Bcc"] is None


class TestConsole:
    @pytest.mark.parametrize(("is_local", "is_shown"), [(True, True), (False, False)])
    def test_keeps_the_letter_and_shows_it_on_ones_own_machine(
        self, is_local: bool, is_shown: bool
    ) -> None:
        outbox, lines = LocalOutbox(), list[str]()
        write: Callable[[str], None] = lines.append
        console = ConsoleMail(outbox, now=FakeClock().now, is_local=is_local, write=write)

        console.send(LETTER)

        [item] = outbox.items("ann@example.com")
        assert (item.kind, item.text) == ("email", LETTER.text)
        assert ("246810" in lines[0], "ann@" in lines[0]) == (is_shown, is_shown)


class _Mailbox:
    def __init__(self, trouble: Exception | None = None) -> None:
        self.letters: list[Letter] = []
        self._trouble = trouble

    def send(self, letter: Letter) -> None:
        if self._trouble:
            raise self._trouble
        self.letters.append(letter)


class TestByAddress:
    def test_an_address_gets_a_letter_with_its_subject(self) -> None:
        mailbox = _Mailbox()

        receipt = ByAddress(FakeSmsSender(("first",)), mailbox).send(
            Sms("sms_1", LETTER.to, f"{LETTER.subject}\n\n{LETTER.text}")
        )

        assert mailbox.letters == [LETTER]
        assert receipt.route == "email"

    def test_a_phone_gets_a_message(self) -> None:
        receipt = ByAddress(FakeSmsSender(("first",)), _Mailbox()).send(
            Sms("sms_1", "+79161234567", "Code 246810")
        )

        assert receipt.route == "first"

    @pytest.mark.parametrize(
        ("trouble", "told"),
        [(MailRejected("550"), SmsRejected), (MailUnavailable("450"), SmsUnavailable)],
    )
    def test_trouble_is_told_as_that_of_messages(
        self, trouble: Exception, told: type[Exception]
    ) -> None:
        with pytest.raises(told):
            ByAddress(FakeSmsSender(("first",)), _Mailbox(trouble)).send(
                Sms("sms_1", LETTER.to, "s\n\nt")
            )

    def test_there_is_no_second_way_for_a_letter(self) -> None:
        with pytest.raises(SmsRejected, match="routes_exhausted"):
            ByAddress(FakeSmsSender(("first",)), _Mailbox()).send(
                Sms("sms_1", LETTER.to, "s\n\nt"), after="email"
            )
