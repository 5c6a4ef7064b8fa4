"""Second factors: digits a card shows, codes sent by SMS, each good once."""

import re
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import (
    Confirmation,
    ConfirmationCodeWrong,
    ConfirmationExpired,
    ConfirmationLocked,
    ConfirmationNotFound,
    ConfirmationState,
    ConfirmationUsed,
    Method,
)
from chalicelib.domain.coupons import NoPhone
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.rotating import PERIODS, step_of, totp
from chalicelib.domain.sign_ups import PrefixBlocked
from chalicelib.ports import CommitConflict, LimitReached, StoreUnavailable
from chalicelib.usecases.confirmations import (
    confirm_by_digits,
    find_confirmation,
    rotating_key,
    send_code,
    verify_sent,
)
from chalicelib.usecases.identifiers import replace_pass_code
from tests.builders import SHOP, operation
from tests.usecases.world import CODE, PHONE, World

WRONG = "135790"


class Till(World):
    """A shop with one member, whose card shows digits."""

    def __init__(self) -> None:
        super().__init__()
        self.ann = self.join()
        self.wait(minutes=5)  # a phone gets one code a minute

    def shown(self, method: Method = Method.TOTP, steps: int = 0) -> str:
        """Return what the card shows, on a clock that is so many steps off."""
        key = rotating_key(SHOP, self.members.profiles[self.ann].code, method, self.keyring)
        return totp(key, step_of(method, self.at) + steps)

    def confirm(self, digits: str, method: Method = Method.TOTP) -> Confirmation:
        """Confirm by digits."""
        code = self.members.profiles[self.ann].code
        return confirm_by_digits(
            self.ann, code, method, digits, at=self.at, desk=self.confirmation_desk
        )

    def send(self, member: MemberRef | None = None) -> Confirmation:
        """Send a code."""
        return send_code(member or self.ann, at=self.at, desk=self.confirmation_desk)

    def verify(self, sent: Confirmation, code: str = CODE) -> Confirmation:
        """Send a code back."""
        return verify_sent(
            SHOP, sent.confirmation_id, code, at=self.at, desk=self.confirmation_desk
        )

    def found(self, confirmation_id: str, merchant_id: str = SHOP) -> Confirmation:
        """Look a confirmation up."""
        return find_confirmation(merchant_id, confirmation_id, desk=self.confirmation_desk)


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.mark.parametrize("method", [Method.TOTP, Method.ONE_TIME_CODE])
class TestDigits:
    @pytest.mark.parametrize("steps", [-1, 0, 1])
    def test_of_now_confirm_also_by_a_clock_one_step_off(
        self, till: Till, method: Method, steps: int
    ) -> None:
        confirmed = till.confirm(till.shown(method, steps), method)

        assert confirmed.state(till.at) is ConfirmationState.VERIFIED
        assert till.found(confirmed.confirmation_id) == confirmed

    @pytest.mark.parametrize("steps", [-2, 2])
    def test_of_another_time_do_not(self, till: Till, method: Method, steps: int) -> None:
        with pytest.raises(ConfirmationCodeWrong):
            till.confirm(till.shown(method, steps), method)

    def test_are_good_once(self, till: Till, method: Method) -> None:
        till.confirm(till.shown(method), method)

        with pytest.raises(ConfirmationUsed):
            till.confirm(till.shown(method), method)

    def test_of_a_step_before_the_last_accepted_are_refused(
        self, till: Till, method: Method
    ) -> None:
        till.confirm(till.shown(method, 1), method)

        with pytest.raises(ConfirmationUsed):
            till.confirm(till.shown(method), method)

    def test_of_the_next_step_confirm_again(self, till: Till, method: Method) -> None:
        first = till.confirm(till.shown(method), method)
        till.wait(seconds=PERIODS[method])

        second = till.confirm(till.shown(method), method)

        assert second.confirmation_id != first.confirmation_id

    def test_of_the_other_method_do_not_confirm(self, till: Till, method: Method) -> None:
        other = Method.ONE_TIME_CODE if method is Method.TOTP else Method.TOTP

        with pytest.raises(ConfirmationCodeWrong):
            till.confirm(till.shown(other), method)

    def test_of_a_replaced_pass_code_do_not(self, till: Till, method: Method) -> None:
        shown = till.shown(method)
        replace_pass_code(
            till.ann, operation("n"), at=till.at, book=till.book, directory=till.directory
        )

        with pytest.raises(ConfirmationCodeWrong):
            till.confirm(shown, method)


def test_each_merchant_code_and_method_has_a_key_of_its_own(till: Till) -> None:
    asked = [
        (SHOP, "L1A", Method.TOTP),
        (SHOP, "L1A", Method.ONE_TIME_CODE),
        (SHOP, "L1B", Method.TOTP),
        ("bakery", "L1A", Method.TOTP),
    ]

    made = {rotating_key(*one, till.keyring) for one in asked}

    assert len(made) == len(asked)
    assert {len(key) for key in made} == {20}


class TestGuessing:
    def test_ends_after_ten_wrong_codes_a_day(self, till: Till) -> None:
        for _ in range(10):
            with pytest.raises(ConfirmationCodeWrong):
                till.confirm(WRONG)

        with pytest.raises(ConfirmationLocked):
            till.confirm(till.shown())

    def test_is_possible_again_a_day_later(self, till: Till) -> None:
        for _ in range(10):
            with pytest.raises(ConfirmationCodeWrong):
                till.confirm(WRONG)
        till.wait(days=1, seconds=1)

        assert till.confirm(till.shown())

    def test_right_codes_do_not_count(self, till: Till) -> None:
        for _ in range(12):
            till.confirm(till.shown())
            till.wait(seconds=30)

        assert till.confirm(till.shown())

    def test_a_code_that_was_used_is_no_guess(self, till: Till) -> None:
        till.confirm(till.shown())
        for _ in range(12):
            with pytest.raises(ConfirmationUsed):
                till.confirm(till.shown())
        till.wait(seconds=30)

        assert till.confirm(till.shown())


class TestTrouble:
    @pytest.mark.parametrize("is_written", [True, False])
    def test_a_lost_answer_is_asked_for_again(self, till: Till, is_written: bool) -> None:
        accept = till.confirmations.accept

        def lost(*args: Any) -> bool:
            till.confirmations.accept = accept  # type: ignore[method-assign]
            if is_written:
                accept(*args)
            raise StoreUnavailable("no answer")

        till.confirmations.accept = lost  # type: ignore[method-assign]

        assert till.confirm(till.shown()).verified_at == till.at

    def test_that_does_not_end_is_told(self, till: Till) -> None:
        def overtaken(*args: Any) -> bool:
            raise CommitConflict("step")

        till.confirmations.accept = overtaken  # type: ignore[method-assign]

        with pytest.raises(CommitConflict):
            till.confirm(till.shown())


class TestSms:
    def test_promises_a_code_in_the_members_language(self, till: Till) -> None:
        sent = till.send()

        assert sent.state(till.at) is ConfirmationState.PENDING
        texts = [sms.text for sms in till.outbox.messages.values() if sms.to == PHONE]
        assert re.search(rf"код {CODE}\. Назовите его кассиру", texts[-1])

    def test_is_verified_by_its_code(self, till: Till) -> None:
        sent = till.send()

        assert till.verify(sent).state(till.at) is ConfirmationState.VERIFIED
        assert till.found(sent.confirmation_id).verified_at == till.at

    def test_the_same_code_again_gets_the_same_answer(self, till: Till) -> None:
        sent = till.send()
        first = till.verify(sent)
        till.wait(seconds=30)

        assert till.verify(sent) == first

    def test_another_code_after_the_right_one_is_wrong(self, till: Till) -> None:
        sent = till.send()
        till.verify(sent)

        with pytest.raises(ConfirmationCodeWrong):
            till.verify(sent, WRONG)

    def test_only_five_guesses_are_compared(self, till: Till) -> None:
        sent = till.send()
        for left in (4, 3, 2, 1, 0):
            with pytest.raises(ConfirmationCodeWrong) as refused:
                till.verify(sent, WRONG)
            assert refused.value.facts == {"attempts_left": left}

        with pytest.raises(ConfirmationLocked):
            till.verify(sent)

    def test_guesses_count_across_codes(self, till: Till) -> None:
        for _ in range(2):
            sent = till.send()
            for _ in range(5):
                with pytest.raises(ConfirmationCodeWrong):
                    till.verify(sent, WRONG)
            till.wait(seconds=61)
        sent = till.send()

        with pytest.raises(ConfirmationLocked):
            till.verify(sent)

    def test_a_code_is_good_for_ten_minutes(self, till: Till) -> None:
        sent = till.send()
        till.wait(minutes=10, seconds=1)

        with pytest.raises(ConfirmationExpired):
            till.verify(sent)

    def test_of_another_confirmation_the_code_is_wrong(self, till: Till) -> None:
        first = till.send()
        till.wait(seconds=61)
        till.keyring.digits = "999999"
        second = till.send()

        with pytest.raises(ConfirmationCodeWrong):
            till.verify(second, CODE)
        assert till.verify(first, CODE)

    def test_a_phone_gets_one_a_minute_and_five_a_day(self, till: Till) -> None:
        till.send()
        with pytest.raises(LimitReached):
            till.send()
        for _ in range(3):  # the fifth of the day was that of the sign-up
            till.wait(seconds=61)
            till.send()
        till.wait(seconds=61)

        with pytest.raises(LimitReached):
            till.send()

    def test_a_prefix_whose_codes_are_not_used_gets_none(self, till: Till) -> None:
        for number in range(4):
            sign_up = till.ask_for_code(f"+7999000001{number}")
            assert sign_up
        till.wait(minutes=6)

        with pytest.raises(PrefixBlocked):
            till.send()

    def test_a_member_without_a_phone_is_told(self, till: Till) -> None:
        profile = till.members.profiles[till.ann]
        object.__setattr__(profile, "phone", None)

        with pytest.raises(NoPhone):
            till.send()

    def test_nobody_is_sent_nothing(self, till: Till) -> None:
        with pytest.raises(MemberNotFound):
            till.send(MemberRef(SHOP, "mem_nobody"))

    def test_a_card_s_confirmation_was_sent_no_code(self, till: Till) -> None:
        confirmed = till.confirm(till.shown())

        with pytest.raises(ConfirmationNotFound):
            till.verify(confirmed)


class TestFinding:
    @pytest.mark.parametrize("confirmation_id", ["", "cnf_1", "cnf_1.", "cnf_1.mem_nobody"])
    def test_what_is_not_there_is_not_found(self, till: Till, confirmation_id: str) -> None:
        with pytest.raises(ConfirmationNotFound):
            till.found(confirmation_id)

    def test_another_merchant_has_no_such_confirmation(self, till: Till) -> None:
        confirmed = till.confirm(till.shown())

        with pytest.raises(ConfirmationNotFound):
            till.found(confirmed.confirmation_id, "bakery")
