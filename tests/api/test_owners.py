"""Owners over the real engine: a shop is opened, a second factor set up, keys are made."""

from datetime import timedelta
from itertools import count

import pytest
from chalice.test import Client

from chalicelib.api.cookies import set_cookie
from chalicelib.domain.attempts import SignInLocked, SignInRefused
from chalicelib.domain.confirmations import Method
from chalicelib.domain.members import Scope
from chalicelib.domain.owners import (
    EmailTaken,
    PasswordWeak,
    SecondFactorMissing,
    SecondFactorRefused,
)
from chalicelib.domain.rotating import step_of, totp
from chalicelib.domain.sessions import Face, NotFresh, Session, SessionExpired
from chalicelib.domain.staff import Role
from chalicelib.domain.templates import template
from chalicelib.ports import LimitReached
from chalicelib.usecases.keys import KeyWish, TooManyKeys, list_keys, make_key, revoke_key
from chalicelib.usecases.owners import (
    change_password,
    give_second_factor,
    owner_of,
    prove_again,
    sign_in,
    sign_out_everywhere,
)
from chalicelib.usecases.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    renew_recovery_codes,
)
from chalicelib.usecases.shops import NewShop, OpenedShop, open_shop
from chalicelib.usecases.staff import Doer, add_person, invite_device
from chalicelib.usecases.till_sessions import csrf_token
from chalicelib.wiring import Services
from tests.api.caller import Caller
from tests.api.till import Browser
from tests.fakes.clock import NOON

PASSWORD = "seven small spoons"
_NUMBERS = count(1)


@pytest.fixture
def opened(wired: Services) -> OpenedShop:
    wired.clock.set(NOON)
    return opening(wired)


def opening(wired: Services, email: str = "", **more: str) -> OpenedShop:
    number = next(_NUMBERS)
    found = template("bakery")
    assert found is not None
    wish = {
        "email": email or f"anna{number}@example.org",
        "password": PASSWORD,
        "merchant_name": "Пекарня «Колос»",
        "owner_name": "Anna",
        "template": "bakery",
        "document": found.document,
        **more,
    }
    return open_shop(
        NewShop(**wish),
        network=f"10.0.0.{number % 250}",
        device="Firefox",
        at=wired.clock.now(),
        desk=wired.shop_desk,
    )


def enter(wired: Services, opened: OpenedShop, password: str = PASSWORD) -> Session:
    return sign_in(
        opened.owner.email,
        password,
        network="10.1.0.1",
        device="Firefox",
        at=wired.clock.now(),
        desk=wired.owner_desk,
    ).session


def code_now(wired: Services, session: Session) -> str:
    owner = owner_of(session, wired.owner_desk)
    secret = owner.new_secret or owner.totp_secret
    return totp(secret, step_of(Method.TOTP, wired.clock.now()))


def with_factor(wired: Services, opened: OpenedShop) -> tuple[str, ...]:
    """Turn the second factor on; recovery codes."""
    session, desk, at = opened.opened.session, wired.owner_desk, wired.clock.now()
    begin_second_factor(session, merchant_name="Kolos", at=at, desk=desk)
    return confirm_second_factor(session, code_now(wired, session), at=at, desk=desk)


def later(wired: Services, **time: float) -> None:
    wired.clock.set(wired.clock.now() + timedelta(**time))


class TestOpening:
    def test_a_shop_has_a_store_a_till_an_owner_and_a_design(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        merchant_id = opened.merchant.merchant_id

        room = wired.staff_room
        assert merchant_id.startswith("pekarnya-kolos")
        assert [one.store_id for one in room.stores(merchant_id)] == ["main"]
        assert [one.name for one in room.tills(merchant_id)] == ["Касса 1"]
        assert [one.role for one in room.people(merchant_id)] == ["owner"]
        assert list_keys(merchant_id, office=wired.office) == ()
        assert wired.pass_designs.look(merchant_id) is not None
        assert [one.deed for one in room.audit(merchant_id, limit=5)] == ["shop_opened"]

    def test_a_shop_nobody_vouches_for_is_known_as_such(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        found = wired.merchants.find(opened.merchant.merchant_id)

        assert found is not None
        assert found.is_self_opened

    def test_two_shops_of_one_name_have_two_ids(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        other = opening(wired)

        assert other.merchant.merchant_id != opened.merchant.merchant_id

    def test_an_address_opens_one_shop(self, wired: Services, opened: OpenedShop) -> None:
        with pytest.raises(EmailTaken):
            opening(wired, opened.owner.email.upper())

    def test_a_weak_password_opens_none(self, wired: Services) -> None:
        with pytest.raises(PasswordWeak):
            opening(wired, password="qwertyuiop12")

    def test_nothing_personal_lies_open(self, wired: Services, opened: OpenedShop) -> None:
        items = wired.connection.client.scan(TableName=wired.settings.table_name)["Items"]

        text = str(items)
        assert opened.owner.email not in text
        assert PASSWORD not in text
        assert opened.opened.secret not in text

    def test_a_network_opens_so_many_shops_a_day(self, wired: Services) -> None:
        wired.clock.set(NOON + timedelta(days=30))
        found = template("bakery")
        assert found is not None
        wish = NewShop(
            email="full@example.org",
            password=PASSWORD,
            merchant_name="Full",
            owner_name="",
            template="bakery",
            document=found.document,
        )
        at = wired.clock.now()
        for _ in range(20):
            wired.owner_desk.owners.limit(shop_charge(at))

        with pytest.raises(LimitReached):
            open_shop(wish, network="10.9.9.9", device="", at=at, desk=wired.shop_desk)


def shop_charge(at):
    from chalicelib.domain.owners import shop_charges

    return shop_charges("10.9.9.9", at)


class TestSigningIn:
    def test_a_password_is_enough_until_there_is_a_second_factor(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        before = enter(wired, opened)
        with_factor(wired, opened)
        after = enter(wired, opened)

        now = wired.clock.now()
        assert before.signed_in(now) == opened.owner.ref
        assert after.is_pending
        assert after.signed_in(now) is None

    def test_a_code_lets_in_once(self, wired: Services, opened: OpenedShop) -> None:
        with_factor(wired, opened)
        later(wired, seconds=60)
        pending = enter(wired, opened)
        code, at, desk = code_now(wired, pending), wired.clock.now(), wired.owner_desk

        let_in = give_second_factor(pending, code, at=at, desk=desk)

        assert let_in.session.signed_in(at) == opened.owner.ref
        again = enter(wired, opened)
        with pytest.raises(SignInRefused):
            give_second_factor(again, code, at=at, desk=desk)
        assert wired.staff_sessions.find(pending.merchant_id, pending.session_id) is None

    def test_a_recovery_code_lets_in_once(self, wired: Services, opened: OpenedShop) -> None:
        codes = with_factor(wired, opened)
        at, desk = wired.clock.now(), wired.owner_desk
        typed = codes[3].lower().replace("-", " ")

        let_in = give_second_factor(enter(wired, opened), typed, at=at, desk=desk)

        assert let_in.session.signed_in(at) is not None
        with pytest.raises(SignInRefused):
            give_second_factor(enter(wired, opened), typed, at=at, desk=desk)
        assert len(set(codes)) == 10

    def test_a_pending_session_is_over_after_ten_minutes(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        with_factor(wired, opened)
        pending = enter(wired, opened)
        later(wired, minutes=10)

        assert pending.is_over(wired.clock.now())

    def test_five_wrong_passwords_lock_the_right_one_out(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        for _ in range(5):
            with pytest.raises(SignInRefused):
                enter(wired, opened, "not the password")

        with pytest.raises(SignInLocked) as locked:
            enter(wired, opened)
        later(wired, minutes=1)

        assert locked.value.facts == {"retry_after_seconds": 60}
        assert enter(wired, opened).staff_id == opened.owner.staff_id

    def test_an_unknown_address_is_refused_and_locked_alike(self, wired: Services) -> None:
        wired.clock.set(NOON)
        number, refusals = next(_NUMBERS), []
        for _ in range(6):
            with pytest.raises((SignInRefused, SignInLocked)) as refused:
                sign_in(
                    f"nobody{number}@example.org",
                    PASSWORD,
                    network="10.2.0.1",
                    device="",
                    at=wired.clock.now(),
                    desk=wired.owner_desk,
                )
            refusals.append(refused.type)

        assert refusals == [SignInRefused] * 5 + [SignInLocked]

    def test_wrong_codes_lock_as_passwords_do(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        with_factor(wired, opened)
        later(wired, minutes=5)
        pending, desk = enter(wired, opened), wired.owner_desk
        for _ in range(5):
            with pytest.raises(SignInRefused):
                give_second_factor(pending, "000000", at=wired.clock.now(), desk=desk)

        with pytest.raises(SignInLocked):
            give_second_factor(
                pending, code_now(wired, pending), at=wired.clock.now(), desk=desk
            )

    def test_a_changed_password_ends_every_other_session(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        other, here = enter(wired, opened), opened.opened.session
        at, desk = wired.clock.now(), wired.owner_desk

        change_password(
            here, PASSWORD, "eight big black forks", merchant_name="Kolos", at=at, desk=desk
        )

        assert wired.staff_sessions.find(other.merchant_id, other.session_id) is None
        assert wired.staff_sessions.find(here.merchant_id, here.session_id) is not None
        with pytest.raises(SignInRefused):
            enter(wired, opened)
        assert enter(wired, opened, "eight big black forks").staff_id is not None

    def test_signing_out_everywhere_ends_this_session_too(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        here = opened.opened.session
        enter(wired, opened)

        sign_out_everywhere(here, at=wired.clock.now(), desk=wired.owner_desk)

        assert wired.staff_sessions.of_merchant(here.merchant_id) == ()


class TestSecondFactor:
    def test_the_uri_names_the_shop_and_holds_the_secret(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        made = begin_second_factor(
            opened.opened.session,
            merchant_name="Kolos",
            at=wired.clock.now(),
            desk=wired.owner_desk,
        )

        assert made.uri.startswith("otpauth://totp/Kopilka%3AKolos%20%28anna")
        assert f"secret={made.secret}&issuer=Kopilka" in made.uri
        assert len(made.secret) == 32
        assert not owner_of(opened.opened.session, wired.owner_desk).is_totp_on

    def test_a_wrong_code_turns_nothing_on(self, wired: Services, opened: OpenedShop) -> None:
        session, at, desk = opened.opened.session, wired.clock.now(), wired.owner_desk
        begin_second_factor(session, merchant_name="Kolos", at=at, desk=desk)
        wrong = f"{(int(code_now(wired, session)) + 1) % 1_000_000:06d}"

        with pytest.raises(SignInRefused):
            confirm_second_factor(session, wrong, at=at, desk=desk)

        assert not owner_of(session, desk).is_totp_on

    def test_none_is_begun_long_after_the_sign_in(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        session, desk = opened.opened.session, wired.owner_desk
        later(wired, minutes=10)

        with pytest.raises(NotFresh):
            begin_second_factor(session, merchant_name="Kolos", at=wired.clock.now(), desk=desk)

        assert owner_of(session, desk).new_secret == b""

    def test_none_is_confirmed_long_after_the_sign_in(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        session, at, desk = opened.opened.session, wired.clock.now(), wired.owner_desk
        begin_second_factor(session, merchant_name="Kolos", at=at, desk=desk)
        later(wired, minutes=10)

        with pytest.raises(NotFresh):
            confirm_second_factor(
                session, code_now(wired, session), at=wired.clock.now(), desk=desk
            )

        assert not owner_of(session, desk).is_totp_on

    def test_a_secret_ends_with_the_freshness_it_was_drawn_in(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        session, at, desk = opened.opened.session, wired.clock.now(), wired.owner_desk
        begin_second_factor(session, merchant_name="Kolos", at=at, desk=desk)
        later(wired, minutes=10)
        now = wired.clock.now()
        fresh = prove_again(session, PASSWORD, "", at=now, desk=desk)

        with pytest.raises(SecondFactorRefused):
            confirm_second_factor(fresh, code_now(wired, session), at=now, desk=desk)

        assert not owner_of(session, desk).is_totp_on

    def test_the_one_that_is_on_goes_on_until_the_new_one_is_confirmed(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        with_factor(wired, opened)
        later(wired, seconds=60)
        session, at, desk = opened.opened.session, wired.clock.now(), wired.owner_desk
        old = code_now(wired, session)
        begin_second_factor(session, merchant_name="Kolos", at=at, desk=desk)

        let_in = give_second_factor(enter(wired, opened), old, at=at, desk=desk)

        assert let_in.session.signed_in(at) is not None

    def test_new_recovery_codes_take_the_old_ones_place(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        old = with_factor(wired, opened)
        session, at, desk = opened.opened.session, wired.clock.now(), wired.owner_desk

        new = renew_recovery_codes(session, at=at, desk=desk)

        with pytest.raises(SignInRefused):
            give_second_factor(enter(wired, opened), old[0], at=at, desk=desk)
        assert give_second_factor(enter(wired, opened), new[0], at=at, desk=desk)


class TestKeys:
    def wish(self, till_id: str = "online") -> KeyWish:
        return KeyWish(
            name="Shop", till_id=till_id, store_id="main", scopes=frozenset({Scope.TILL})
        )

    def make(self, wired: Services, session: Session):
        return make_key(
            session,
            self.wish(),
            at=wired.clock.now(),
            office=wired.office,
            desk=wired.owner_desk,
        )

    def test_a_key_works_until_it_is_revoked(
        self, wired: Services, opened: OpenedShop, client
    ) -> None:
        with_factor(wired, opened)
        session = opened.opened.session

        made = self.make(wired, session)

        assert Caller(client, made.secret).get("/v1/program").status == 200
        (listed,) = list_keys(session.merchant_id, office=wired.office)
        assert (listed.name, listed.last_used_on) == ("Shop", wired.clock.now().date())
        revoke_key(
            session,
            made.api_key.key_id,
            at=wired.clock.now(),
            office=wired.office,
            desk=wired.owner_desk,
        )
        assert Caller(client, made.secret).get("/v1/program").status == 401
        deeds = [one.deed for one in wired.staff_room.audit(session.merchant_id, limit=9)]
        assert {"key_added", "key_revoked"} <= set(deeds)

    def test_a_till_has_two_active_keys_at_most(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        with_factor(wired, opened)
        session = opened.opened.session
        made = [self.make(wired, session) for _ in range(2)]

        with pytest.raises(TooManyKeys):
            self.make(wired, session)
        revoke_key(
            session,
            made[0].api_key.key_id,
            at=wired.clock.now(),
            office=wired.office,
            desk=wired.owner_desk,
        )

        assert self.make(wired, session).secret.startswith("lk_live_")

    def test_no_key_is_made_without_a_second_factor(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        with pytest.raises(SecondFactorMissing):
            self.make(wired, opened.opened.session)

    def test_a_key_wants_a_sign_in_of_the_last_ten_minutes(
        self, wired: Services, opened: OpenedShop
    ) -> None:
        with_factor(wired, opened)
        session, desk = opened.opened.session, wired.owner_desk
        later(wired, minutes=10)

        with pytest.raises(NotFresh):
            self.make(wired, session)
        code = code_now(wired, session)
        fresh = prove_again(session, PASSWORD, code, at=wired.clock.now(), desk=desk)

        assert self.make(wired, fresh).secret
        with pytest.raises(SignInRefused):
            prove_again(session, PASSWORD, code, at=wired.clock.now(), desk=desk)


def test_an_office_session_ends_after_an_hour_without_a_call(
    wired: Services, opened: OpenedShop
) -> None:
    session = opened.opened.session

    assert not session.is_over(NOON + timedelta(minutes=59))
    assert session.is_over(NOON + timedelta(minutes=60))


def test_a_session_of_an_owner_who_is_gone_is_over(wired: Services, opened: OpenedShop) -> None:
    from dataclasses import replace

    session = replace(opened.opened.session, owner_id="ab" * 32)

    with pytest.raises(SessionExpired):
        owner_of(session, wired.owner_desk)


def test_the_owners_cookie_calls_the_api_with_every_scope(
    client: Client, wired: Services, opened: OpenedShop
) -> None:
    merchant_id, secret = opened.merchant.merchant_id, opened.opened.secret
    line = set_cookie(Face.OFFICE, merchant_id, secret, wired.settings.public_url)
    cookie = {"Cookie": line.partition(";")[0]}

    answer = client.http.get("/v1/audit", headers=cookie)
    unsafe = client.http.post("/v1/stores", body=b'{"name": "x"}', headers=cookie)

    assert line.startswith("__Host-kopilka-office=")
    assert "Max-Age" not in line
    assert answer.json_body["items"][0]["deed"] == "shop_opened"
    assert unsafe.json_body["code"] == "csrf_refused"


def office_browser(client: Client, wired: Services, opened: OpenedShop) -> Browser:
    """Return the owner's browser, with its cookie and its page's token."""
    merchant_id, secret = opened.merchant.merchant_id, opened.opened.secret
    line = set_cookie(Face.OFFICE, merchant_id, secret, wired.settings.public_url)
    name, _, value = line.partition(";")[0].partition("=")
    token = csrf_token(merchant_id, secret, wired.keyring)
    return Browser(Caller(client), {name: value}, token)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/members/mem_1?reason=mistake"),
        ("POST", "/v1/members/mem_1/merges"),
        ("POST", "/v1/members/mem_1/grants"),
        ("POST", "/v1/grant-batches"),
        ("POST", "/v1/staff"),
        ("PATCH", "/v1/staff/stf_1"),
        ("GET", "/v1/promo-code-batches/b1/codes.csv"),
        ("GET", "/v1/draws/d1/entries.csv"),
        ("GET", "/v1/draws/d1/winners.csv"),
        ("GET", "/v1/program/dry-runs/j1/result.csv"),
    ],
)
def test_a_stolen_cookie_does_not_do_over_json_what_pages_guard(
    client: Client, wired: Services, opened: OpenedShop, method: str, path: str
) -> None:
    browser = office_browser(client, wired, opened)
    before = browser.call(method, path)
    later(wired, minutes=10)

    answer = browser.call(method, path)

    assert before.code != "sign_in_again"
    assert (answer.status, answer.code) == (403, "sign_in_again")
    assert browser.get("/v1/staff").status == 200


def test_an_owner_has_no_pin(client: Client, wired: Services, opened: OpenedShop) -> None:
    browser = office_browser(client, wired, opened)
    path = f"/v1/staff/{opened.owner.staff_id}"

    answer = browser.call("PATCH", path, {"pin": "4071"})

    assert (answer.status, answer.code) == (409, "owner_fixed")
    assert [one["has_pin"] for one in browser.get("/v1/staff").json["items"]] == [False]


def test_a_browser_with_both_cookies_calls_as_whose_token_it_sends(
    client: Client, wired: Services, opened: OpenedShop
) -> None:
    office, merchant_id = opened.opened, opened.merchant.merchant_id
    doer = Doer(merchant_id, "x", wired.clock.now())
    add_person("Vera", Role.CASHIER, "4071", doer=doer, desk=wired.till_desk)
    code = invite_device("till-1", doer=doer, desk=wired.till_desk).code
    till = Browser(Caller(client))
    till.post("/v1/till/activations", {"code": code})
    (person,) = till.get("/v1/till/session").json["staff"]
    till.post("/v1/till/sign-in", {"staff_id": person["staff_id"], "pin": "4071"})
    line = set_cookie(Face.OFFICE, merchant_id, office.secret, wired.settings.public_url)
    name, _, value = line.partition(";")[0].partition("=")
    till.cookies[name] = value
    token = csrf_token(merchant_id, office.secret, wired.keyring)

    as_cashier = till.post("/v1/stores", {"name": "North"})
    as_owner = till.post("/v1/stores", {"name": "North"}, X_CSRF_Token=token)

    assert as_cashier.code == "scope_missing"
    assert as_owner.status == 201
    assert till.get("/v1/audit").code == "scope_missing"
    till.post("/v1/till/lock")
    assert till.get("/v1/audit").status == 200
