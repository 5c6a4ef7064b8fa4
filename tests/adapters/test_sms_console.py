"""The console adapter and the box `/local/outbox` looks into."""

import threading
from datetime import UTC, datetime, timedelta

from chalicelib.adapters.sms_console import OUTBOX_ITEMS_MAX, ConsoleSms, LocalOutbox
from chalicelib.adapters.sms_route import RoutedSms
from chalicelib.ports import Sms

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CODE = Sms(message_id="sms_01", to="+79001234501", text="Code 483920")


def console(
    lines: list[str], *, is_local: bool, outbox: LocalOutbox | None = None
) -> RoutedSms:
    box = outbox or LocalOutbox()
    return RoutedSms((ConsoleSms(box, now=lambda: NOW, is_local=is_local, write=lines.append),))


class TestConsole:
    def test_a_developer_sees_the_number_and_the_text(self) -> None:
        lines: list[str] = []

        receipt = console(lines, is_local=True).send(CODE)

        assert lines == ["sms to +79001234501: Code 483920"]
        assert (receipt.route, receipt.operator_id) == ("console", "sms_01")

    def test_elsewhere_the_number_is_masked_and_the_text_is_not_shown(self) -> None:
        lines: list[str] = []

        console(lines, is_local=False).send(CODE)

        assert lines == ["sms to +7…01: 11 characters"]

    def test_what_is_printed_is_kept_whole(self) -> None:
        outbox = LocalOutbox()

        console([], is_local=False, outbox=outbox).send(CODE)

        (item,) = outbox.items()
        assert (item.kind, item.to, item.text, item.at) == ("sms", CODE.to, CODE.text, NOW)


class TestOutbox:
    def test_the_newest_comes_first(self) -> None:
        outbox = LocalOutbox()
        outbox.add("sms", "+71", "older", NOW)
        outbox.add("apns", "token", "newer", NOW + timedelta(seconds=1))

        items = outbox.items()

        assert [item.text for item in items] == ["newer", "older"]

    def test_one_phone_sees_only_its_own_with_its_plus_lost_on_the_way_or_not(self) -> None:
        outbox = LocalOutbox()
        outbox.add("sms", "+71", "mine", NOW)
        outbox.add("sms", "+712", "another's", NOW)
        outbox.add("apns", "71", "a token", NOW)

        texts = [[i.text for i in outbox.items(phone=phone)] for phone in ("+71", " 71", "71")]

        assert texts == [["mine"]] * 3

    def test_the_limit_is_kept_and_none_means_fifty(self) -> None:
        outbox = LocalOutbox()
        for number in range(60):
            outbox.add("sms", "+71", str(number), NOW)

        assert len(outbox.items()) == 50
        assert [item.text for item in outbox.items(limit=2)] == ["59", "58"]
        assert outbox.items(limit=0) == outbox.items(limit=-1) == ()

    def test_a_full_box_forgets_the_oldest(self) -> None:
        outbox = LocalOutbox(items_max=3)
        for number in range(5):
            outbox.add("sms", "+71", str(number), NOW)

        assert [item.text for item in outbox.items()] == ["4", "3", "2"]

    def test_threads_lose_nothing_and_never_meet_a_changing_box(self) -> None:
        outbox = LocalOutbox()
        writers = 4

        def write() -> None:
            for _ in range(OUTBOX_ITEMS_MAX // writers):
                outbox.add("sms", "+71", "x", NOW)
                outbox.items(phone="+71")

        threads = [threading.Thread(target=write) for _ in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(outbox.items(limit=OUTBOX_ITEMS_MAX)) == OUTBOX_ITEMS_MAX
