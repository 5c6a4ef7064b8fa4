"""What ends an account: erasure, and a merge that another account takes over."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.account import (
    LOT_IDS_PER_VERSION,
    Account,
    Lot,
    LotSource,
    MemberRef,
    MemberStatus,
    OverrideKind,
    TierOverride,
    Turnover,
)
from chalicelib.domain.entries import EntryKind, LedgerEntry, MovementKind
from chalicelib.domain.events import events_of
from chalicelib.domain.leaving import (
    IDENTIFIERS_MAX,
    MergeRefused,
    coupons_of,
    erase,
    heir_of,
    merge_away,
    parts_of,
    take_over,
)
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import Profile
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.reward_record import Referral, ReferralState, RewardRecord
from chalicelib.domain.turnover import turnover_of, turnover_text
from tests.builders import (
    ANN,
    NOON,
    SHOP,
    TODAY,
    account,
    after,
    day,
    entry,
    holding,
    lot,
    noon,
    occasion,
    program,
    tiers,
)

BOB = MemberRef(SHOP, "mem_bob")
RULES = program(tiers=tiers())
CLOSED = "closed the card"


def bobs(*lots: Lot, **fields: object) -> Account:
    """Return Bob's account."""
    return replace(account(*lots), member=BOB, **fields)  # type: ignore[arg-type]


def taken_over(survivor: Account, gone: LedgerEntry) -> Account:
    """Return the survivor after all parts."""
    for part in range(parts_of(gone)):
        survivor = after(take_over(survivor, gone, part, occasion(RULES)))
    return survivor


def dates(owner: Account) -> list[tuple[date, date, int]]:
    return sorted(
        (one.active_from, one.expires_on or date.max, one.points) for one in owner.lots
    )


class TestErasing:
    def test_forfeits_every_point_and_leaves_a_tombstone(self) -> None:
        before = account(lot("may", 30), lot("june", 12, active="2026-07-01"), stamps=3)

        change = erase(before, CLOSED, occasion(RULES))

        ended, written = after(change), entry(change)
        assert (ended.status, ended.lots, ended.total) == (MemberStatus.ERASED, (), 0)
        assert (written.kind, written.points, written.balance_after) == ("erase", -42, 0)
        assert {move.kind for move in written.movements} == {MovementKind.FORFEIT}
        assert written.facts == {"forfeited": 42}

    def test_releases_holds_and_expires_what_is_past_its_date_first(self) -> None:
        gone = lot("april", 5, until="2026-05-01")
        before = account(gone, holds=(holding("order", lot("may", 30)),))

        change = erase(before, CLOSED, occasion(RULES))

        kinds = [move.kind for move in entry(change).movements]
        assert kinds == [MovementKind.EXPIRE, MovementKind.FORFEIT]
        assert after(change).holds == ()
        assert entry(change).facts["forfeited"] == 30

    def test_forgives_what_was_owed(self) -> None:
        change = erase(account(debt=7), CLOSED, occasion(RULES))

        assert (after(change).debt, entry(change).points) == (0, 7)

    def test_keeps_nothing_the_shop_knew(self) -> None:
        until = TierOverride(OverrideKind.MANUAL, "gold", day("2026-12-31"))
        before = account(
            days={"2026-05-01": 500_000}, stamps=3, segments=("vip",), overrides=(until,),
            rewards=RewardRecord(actions=("review",), friends=2), due=day("2026-07-01"),
        )  # fmt: skip

        ended = after(erase(before, CLOSED, occasion(RULES)))

        known = (ended.turnover, ended.stamps, ended.segments, ended.overrides, ended.due)
        assert known == (Turnover(), 0, (), (), None)
        assert ended.rewards == RewardRecord()

    def test_keeps_a_reward_that_is_still_owed_to_a_friend(self) -> None:
        owed = Referral(referrer_id="mem_eve", state=ReferralState.EARNED, version=1)
        before = account(rewards=RewardRecord(referral=owed, friends=2))

        ended = after(erase(before, CLOSED, occasion(RULES)))

        assert ended.rewards == RewardRecord(referral=owed)

    def test_moves_the_version_of_the_pass(self) -> None:
        before = account(pass_version=5)

        assert after(erase(before, CLOSED, occasion(RULES))).pass_version > 5

    def test_happens_once(self) -> None:
        ended = after(erase(account(), CLOSED, occasion(RULES)))

        with pytest.raises(MemberNotFound):
            erase(ended, CLOSED, occasion(RULES))

    def test_is_told_without_a_change_of_tier(self) -> None:
        before = account(lot("may", 30), tier="gold")

        told = events_of(entry(erase(before, CLOSED, occasion(RULES))))

        assert [one.name for one in told] == ["member.erased"]


class TestMerging:
    def test_hands_lots_over_with_their_dates(self) -> None:
        other = bobs(lot("may", 30, until="2026-08-01"), lot("july", 12, active="2026-07-01"))
        survivor = account(lot("own", 5))

        gone = entry(merge_away(other, ANN.member_id, (), "twice", occasion(RULES)))
        whole = taken_over(survivor, gone)

        assert dates(whole) == sorted(dates(survivor) + dates(other))
        assert whole.total == survivor.total + other.total

    def test_leaves_a_tombstone_that_names_the_survivor(self) -> None:
        change = merge_away(bobs(lot("may", 30)), ANN.member_id, (), "twice", occasion(RULES))

        ended = after(change)
        assert (ended.status, ended.merged_into) == (MemberStatus.MERGED, ANN.member_id)
        assert (ended.total, ended.lots) == (0, ())

    def test_whoever_asks_for_the_merged_one_is_told_the_survivor(self) -> None:
        ended = after(merge_away(bobs(), ANN.member_id, (), "twice", occasion(RULES)))

        with pytest.raises(MemberNotFound) as refused:
            erase(ended, CLOSED, occasion(RULES))

        assert refused.value.facts == {"merged_into": ANN.member_id}

    def test_hands_points_in_holds_over_too(self) -> None:
        other = bobs(holds=(holding("order", lot("may", 30)),))

        gone = entry(merge_away(other, ANN.member_id, (), "twice", occasion(RULES)))

        assert taken_over(account(), gone).available(TODAY) == 30

    def test_settles_debts_of_either_from_what_the_other_has(self) -> None:
        poor, rich = account(debt=10), bobs(lot("may", 30))
        gone = entry(merge_away(rich, ANN.member_id, (), "twice", occasion(RULES)))
        owing = entry(merge_away(bobs(debt=10), ANN.member_id, (), "twice", occasion(RULES)))

        repaid = taken_over(poor, gone)
        settled = taken_over(account(lot("own", 4)), owing)

        assert (repaid.available(TODAY), repaid.debt) == (20, 0)
        assert (settled.available(TODAY), settled.debt) == (0, 6)

    def test_adds_turnover_day_by_day_and_moves_the_tier(self) -> None:
        survivor = account(days={"2026-05-01": 60_000, "2026-05-02": 10_000})
        other = bobs(turnover=Turnover(((day("2026-05-01"), 50_000),), 90_000))

        gone = entry(merge_away(other, ANN.member_id, (), "twice", occasion(RULES)))
        whole = taken_over(survivor, gone)

        assert dict(whole.turnover.days) == {
            day("2026-05-01"): 110_000,
            day("2026-05-02"): 10_000,
        }
        assert (whole.turnover.lifetime_minor, whole.tier) == (160_000, "silver")

    def test_adds_stamps_actions_and_friends_and_keeps_both_tiers_given(self) -> None:
        mine = TierOverride(OverrideKind.MANUAL, "silver", day("2026-12-31"))
        theirs = TierOverride(OverrideKind.MANUAL, "gold", day("2026-08-31"))
        record = RewardRecord(actions=("review",), friends=1)
        survivor = account(stamps=2, overrides=(mine,), rewards=record)
        done = RewardRecord(actions=("review", "survey"), friends=2)
        other = bobs(stamps=3, overrides=(theirs,), rewards=done)

        gone = entry(merge_away(other, ANN.member_id, (), "twice", occasion(RULES)))
        whole = taken_over(survivor, gone)

        assert (whole.stamps, whole.overrides, whole.tier) == (5, (mine, theirs), "gold")
        assert whole.rewards == RewardRecord(actions=("review", "survey"), friends=3)

    def test_needs_a_part_for_every_sixteen_lots(self) -> None:
        lots = [lot(f"lot {n}", 1 + n, until=f"2026-07-{n + 1:02d}") for n in range(20)]
        other = bobs(*lots)

        gone = entry(merge_away(other, ANN.member_id, (), "twice", occasion(RULES)))
        whole = taken_over(account(), gone)

        assert parts_of(gone) == 2
        assert dates(whole) == dates(other)
        assert len({one.lot_id for one in whole.lots}) == 20

    def test_a_coupon_goes_over_with_each_part(self) -> None:
        coupons = [
            MemberCoupon(
                code=f"1000000{n}", member_id=BOB.member_id, coupon_id="tenth", given_at=NOON,
                last=day("2026-06-30") if n else None, points=20,
            )
            for n in range(2)
        ]  # fmt: skip

        gone = entry(merge_away(bobs(), ANN.member_id, coupons, "twice", occasion(RULES)))
        changes = [take_over(account(), gone, part, occasion(RULES)) for part in range(2)]

        assert coupons_of(gone) == tuple(coupons)
        given_to = [replace(one, member_id=ANN.member_id) for one in coupons]
        assert [change.coupon for change in changes] == given_to

    def test_what_is_past_its_date_when_it_comes_expires_at_once(self) -> None:
        other = bobs(lot("may", 30, until="2026-06-01"))
        gone = entry(merge_away(other, ANN.member_id, (), "twice", occasion(RULES)))

        late = take_over(account(), gone, 0, occasion(RULES, at=noon("2026-06-02")))

        assert (after(late).lots, entry(late).points) == ((), 0)

    def test_tells_listeners_nothing_of_the_ledger(self) -> None:
        other = bobs(lot("may", 30), stamps=3)

        gone = entry(merge_away(other, ANN.member_id, (), "twice", occasion(RULES)))

        (told,) = events_of(gone)
        assert told.name == "member.merged"
        assert set(told.facts) == {
            "points", "reference", "reason", "merged_into", "stamps", "ledger_version",
        }  # fmt: skip


@st.composite
def ledgers(draw: st.DrawFn) -> Account:
    """Return an account with lots of all kinds, a hold, debt or turnover."""
    lots = []
    for number in range(draw(st.integers(0, 40))):
        active = draw(st.integers(-30, 60))
        ends = draw(st.one_of(st.none(), st.integers(-5, 90)))
        lots.append(
            Lot(
                (number + 1) * LOT_IDS_PER_VERSION, LotSource.PURCHASE,
                date.fromordinal(TODAY.toordinal() - 40),
                date.fromordinal(TODAY.toordinal() + active),
                None if ends is None else date.fromordinal(TODAY.toordinal() + 1 + ends),
                draw(st.integers(1, 500)),
            )
        )  # fmt: skip
    spent = {"2026-05-20": draw(st.integers(-50, 500_000))} if draw(st.booleans()) else {}
    owned = account(*lots, debt=draw(st.integers(0, 300)), days=spent)
    if lots and draw(st.booleans()):
        return replace(owned, lots=owned.lots[1:], holds=(holding("order", owned.lots[0]),))
    return owned


@settings(max_examples=60, deadline=None)
@given(survivor=ledgers(), other=ledgers())
def test_no_point_and_no_money_is_made_or_lost_by_a_merge(
    survivor: Account, other: Account
) -> None:
    change = merge_away(replace(other, member=BOB), ANN.member_id, (), "twice", occasion(RULES))
    gone = entry(change)
    expired = -sum(m.points for m in gone.movements if m.kind is MovementKind.EXPIRE)

    whole = taken_over(survivor, gone)

    own_expired = sum(one.points for one in survivor.lots if one.is_expired(TODAY))
    assert whole.total == survivor.total + other.total - expired - own_expired
    assert whole.turnover.lifetime_minor == (
        survivor.turnover.lifetime_minor + other.turnover.lifetime_minor
    )
    if not (survivor.debt and survivor.available(TODAY)):  # whoever owes has nothing to spend
        assert not (whole.debt and whole.available(TODAY))


@settings(max_examples=60, deadline=None)
@given(owner=ledgers())
def test_an_erased_account_has_nothing_whatever_it_had(owner: Account) -> None:
    change = erase(owner, CLOSED, occasion(RULES))

    assert (after(change).total, after(change).held, after(change).debt) == (0, 0, 0)
    assert entry(change).points == -owner.total


class TestIdentifiersOfTheHeir:
    def test_are_those_of_both_each_once(self) -> None:
        mine = Profile(ANN, "+1", "ru", NOON, code="L1A", card_numbers=("C1",))
        theirs = Profile(
            BOB, "+2", "ru", NOON, code="L1B", card_numbers=("C2",), merged_phones=("+3",),
            merged_codes=("L1C",), old_codes=("O2",), replaced_codes=("L1D",), name="Bob",
        )  # fmt: skip

        heir = heir_of(mine, theirs)

        assert heir == replace(
            mine,
            merged_phones=("+2", "+3"),
            merged_codes=("L1B", "L1C"),
            card_numbers=("C1", "C2"),
            old_codes=("O2",),
            replaced_codes=("L1D",),
        )

    @pytest.mark.parametrize("kind", ["card_numbers", "old_codes", "replaced_codes"])
    def test_are_not_more_than_one_transaction_can_hold(self, kind: str) -> None:
        mine = Profile(ANN, "+1", "ru", NOON, code="L1A")
        many = tuple(f"C{n}" for n in range(IDENTIFIERS_MAX))
        theirs = Profile(BOB, None, "ru", NOON, code="L1B")

        with pytest.raises(MergeRefused):
            heir_of(mine, replace(theirs, **{kind: many}))


def test_a_turnover_comes_back_from_its_text() -> None:
    spent = Turnover(((day("2026-05-01"), 60_000), (day("2026-05-02"), -10)), 90_000)

    assert turnover_of(turnover_text(spent)) == spent
    assert turnover_of(turnover_text(Turnover())) == Turnover()


def test_a_takeover_is_an_entry_of_its_own_kind() -> None:
    gone = entry(merge_away(bobs(lot("may", 3)), ANN.member_id, (), "twice", occasion(RULES)))

    change = take_over(account(), gone, 0, occasion(RULES))

    assert (entry(change).kind, entry(change).reference) == (
        EntryKind.TAKEOVER, BOB.member_id,
    )  # fmt: skip
