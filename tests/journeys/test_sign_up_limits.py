"""What a code may cost and how often it may be guessed (R44, LEDGER P15, P19, P20).

Every limit is lowered by its setting; the clock moves on to a new day with every test, so
that none feels the limits of another.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from local.testing import ServiceProcess
from tests.journeys.calling import Answer, Service
from tests.journeys.shop import Shop, open_shop

PER_IP, PER_PREFIX, PER_MERCHANT = 8, 4, 12
LIMITS = {
    "SMS_LIMIT_PER_IP": str(PER_IP),
    "SMS_LIMIT_PER_PREFIX": str(PER_PREFIX),
    "SMS_LIMIT_PER_MERCHANT": str(PER_MERCHANT * 250),  # 2.50 a message
    "SMS_LIMIT_PER_PHONE": "3",
}
NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
NONCE, OTHER_NONCE = "the-first-client", "the-second-client"
_DAYS = count()
_PREFIXES = count(100)


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    process = ServiceProcess(tmp_path_factory.mktemp("limited") / "data", LIMITS).start()
    yield Service(process.base_url)
    process.stop()


@pytest.fixture
def now(limited: Service) -> datetime:
    """Return noon of a day of the test's own."""
    noon = NOON + timedelta(days=next(_DAYS))
    limited.set_clock(noon)
    return noon


@pytest.fixture
def shop(limited: Service, now: datetime) -> Shop:
    return open_shop(limited)


def fresh_phones(number: int) -> list[str]:
    """Return phones that share no prefix of seven digits."""
    return [f"+7916{next(_PREFIXES):03d}{n:04d}" for n in range(number)]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def at_once(calls: list[Callable[[], Answer]]) -> list[Answer]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result() for done in [pool.submit(call) for call in calls]]


def asked(shop: Shop, phone: str, nonce: str = NONCE) -> tuple[str, str]:
    """Ask for a code; return the sign-up and the code."""
    before = len(shop.service.outbox("sms", phone))
    answer = shop.ask_for_code(phone, nonce)
    assert answer.status == 202, answer.body
    return answer.json["sign_up_id"], shop.service.code_for(phone, after=before)


def test_a_second_code_within_a_minute_waits_for_retry_after(
    limited: Service, shop: Shop, now: datetime
) -> None:
    (phone,) = fresh_phones(1)
    first = shop.ask_for_code(phone)

    refused = shop.ask_for_code(phone)

    assert first.status == 202
    assert (refused.status, refused.code) == (429, "too_many_codes")
    seconds = int(refused.headers["Retry-After"])
    assert 0 < seconds <= 60
    limited.set_clock(now + timedelta(seconds=seconds + 1))
    assert shop.ask_for_code(phone).status == 202


def test_known_and_unknown_phones_are_answered_with_the_same_bytes(
    limited: Service, shop: Shop, now: datetime
) -> None:
    known, unknown = fresh_phones(2)
    assert shop.join(known).member_id
    limited.set_clock(now + timedelta(minutes=2))

    answers = [shop.ask_for_code(phone) for phone in (known, unknown)]
    refusals = [shop.ask_for_code(phone) for phone in (known, unknown)]

    ours, theirs = (
        answer.body.replace(answer.json["sign_up_id"].encode(), b"") for answer in answers
    )
    assert ours == theirs
    assert len(answers[0].body) == len(answers[1].body)
    assert [answer.status for answer in refusals] == [429, 429]
    assert refusals[0].body == refusals[1].body
    assert {frozenset(answer.headers) for answer in answers} == {frozenset(answers[0].headers)}


def test_a_phone_gets_so_many_codes_a_day(limited: Service, shop: Shop, now: datetime) -> None:
    (phone,) = fresh_phones(1)
    statuses = []

    for minutes in range(4):
        limited.set_clock(now + timedelta(minutes=2 * minutes))
        statuses.append(shop.ask_for_code(phone).status)

    assert statuses == [202, 202, 202, 429]
    limited.set_clock(now + timedelta(days=1, minutes=1))
    assert shop.ask_for_code(phone).status == 202


def test_an_address_gets_so_many_codes_an_hour_even_when_it_asks_for_all_at_once(
    shop: Shop,
) -> None:
    phones = fresh_phones(2 * PER_IP)

    answers = at_once([lambda phone=phone: shop.ask_for_code(phone) for phone in phones])

    statuses = [answer.status for answer in answers]
    assert set(statuses) <= {202, 429, 503}
    # A 503 was too busy to be counted: asked again, it is taken or refused.
    statuses += [shop.ask_for_code(p).status for p in fresh_phones(statuses.count(503))]
    assert statuses.count(202) == PER_IP
    assert shop.ask_for_code(fresh_phones(1)[0]).status == 429


def test_a_range_of_numbers_gets_so_many_codes_an_hour(shop: Shop) -> None:
    phones = [f"+7916999{n:04d}" for n in range(PER_PREFIX + 1)]

    statuses = [shop.ask_for_code(phone).status for phone in phones]

    assert statuses == [202] * PER_PREFIX + [429]
    assert shop.ask_for_code(fresh_phones(1)[0]).status == 202


def test_a_merchant_spends_its_budget_and_no_more(
    limited: Service, shop: Shop, now: datetime
) -> None:
    phones = fresh_phones(PER_MERCHANT + 1)
    statuses = []

    for number, phone in enumerate(phones):
        limited.set_clock(now + timedelta(hours=number // (PER_IP - 1)))
        statuses.append(shop.ask_for_code(phone).status)

    assert statuses == [202] * PER_MERCHANT + [429]
    assert open_shop(limited).ask_for_code(phones[0]).status == 202


def test_a_refused_sign_up_sends_nothing(limited: Service, shop: Shop) -> None:
    (phone,) = fresh_phones(1)
    shop.ask_for_code(phone)
    limited.code_for(phone)

    shop.ask_for_code(phone)

    limited.run_jobs()
    assert len(limited.outbox("sms", phone)) == 1


def test_a_lost_answer_is_given_again_to_the_same_client_for_ten_minutes(
    limited: Service, shop: Shop, now: datetime
) -> None:
    (phone,) = fresh_phones(1)
    sign_up_id, code = asked(shop, phone)
    first = shop.verify(sign_up_id, code, NONCE)

    again = shop.verify(sign_up_id, code, NONCE)
    other = shop.verify(sign_up_id, code, OTHER_NONCE)
    limited.set_clock(now + timedelta(minutes=9, seconds=59))
    in_time = shop.verify(sign_up_id, code, NONCE)
    limited.set_clock(now + timedelta(minutes=11))
    late = shop.verify(sign_up_id, code, NONCE)

    assert [first.status, again.status, in_time.status] == [201, 201, 201]
    assert first.json == again.json == in_time.json
    assert [other.code, late.code] == ["code_used", "code_used"]
    assert [other.status, late.status] == [409, 409]


def test_five_wrong_guesses_lock_the_code(shop: Shop) -> None:
    sign_up_id, code = asked(shop, fresh_phones(1)[0])

    guesses = [shop.verify(sign_up_id, wrong(code), NONCE) for _ in range(5)]
    right = shop.verify(sign_up_id, code, NONCE)

    assert [guess.json.get("attempts_left") for guess in guesses] == [4, 3, 2, 1, 0]
    assert {(guess.status, guess.code) for guess in guesses} == {(400, "code_wrong")}
    assert (right.status, right.code) == (429, "code_locked")
    assert int(right.headers["Retry-After"]) > 0


def test_guesses_at_once_are_counted_too(shop: Shop) -> None:
    sign_up_id, code = asked(shop, fresh_phones(1)[0])
    guess = wrong(code)

    answers = at_once([lambda: shop.verify(sign_up_id, guess, NONCE)] * 12)

    assert {answer.code for answer in answers} <= {"code_wrong", "code_locked", "busy"}
    assert [answer.code for answer in answers].count("code_wrong") <= 5


def test_ten_failures_across_codes_lock_the_phone_for_a_day(
    limited: Service, shop: Shop, now: datetime
) -> None:
    (phone,) = fresh_phones(1)
    for number in range(2):
        limited.set_clock(now + timedelta(minutes=2 * number))
        sign_up_id, code = asked(shop, phone)
        for _ in range(5):
            assert shop.verify(sign_up_id, wrong(code), NONCE).code == "code_wrong"

    limited.set_clock(now + timedelta(minutes=4))
    sign_up_id, code = asked(shop, phone)
    locked = shop.verify(sign_up_id, code, NONCE)

    assert (locked.status, locked.code) == (429, "code_locked")
    limited.set_clock(now + timedelta(days=1, minutes=1))
    sign_up_id, code = asked(shop, phone)
    assert shop.verify(sign_up_id, code, NONCE).status == 201


def test_a_code_lives_five_minutes(limited: Service, shop: Shop, now: datetime) -> None:
    sign_up_id, code = asked(shop, fresh_phones(1)[0])

    limited.set_clock(now + timedelta(minutes=5, seconds=5))
    late = shop.verify(sign_up_id, code, NONCE)

    assert (late.status, late.code) == (410, "code_expired")


def test_one_code_verified_by_many_at_once_makes_one_member(shop: Shop) -> None:
    sign_up_id, code = asked(shop, fresh_phones(1)[0])

    same = at_once([lambda: shop.verify(sign_up_id, code, NONCE)] * 5)
    others = at_once([lambda: shop.verify(sign_up_id, code, OTHER_NONCE)] * 3)

    assert {answer.status for answer in same} == {201}
    assert len({answer.json["member_id"] for answer in same}) == 1
    assert {(answer.status, answer.code) for answer in others} == {(409, "code_used")}


def test_two_codes_of_one_phone_verified_at_once_make_one_member(
    limited: Service, shop: Shop, now: datetime
) -> None:
    (phone,) = fresh_phones(1)
    first = asked(shop, phone, NONCE)
    limited.set_clock(now + timedelta(minutes=2))
    second = asked(shop, phone, OTHER_NONCE)

    answers = at_once(
        [
            lambda: shop.verify(*first, NONCE),
            lambda: shop.verify(*second, OTHER_NONCE),
        ]
    )

    assert sorted(answer.status for answer in answers) == [200, 201]
    assert len({answer.json["member_id"] for answer in answers}) == 1


def test_a_known_phone_comes_back_to_its_member(
    limited: Service, shop: Shop, now: datetime
) -> None:
    (phone,) = fresh_phones(1)
    member = shop.join(phone)
    shop.buy(member.member_id, 10_000)

    limited.set_clock(now + timedelta(minutes=2))
    back = shop.join(phone)

    assert back.member_id == member.member_id
    assert shop.available(member.member_id) == 10
