"""Reads what a program gives beside purchases: `referral`, `welcome_points`, `actions`,
`benefits`. No rules of price are made of them.
"""

from collections.abc import Mapping

from chalicelib.domain.document_reader import TEXT_LENGTH_MAX, Reader
from chalicelib.domain.rewards import ReferralTerms, Rewards, RewardTerms, Trigger
from chalicelib.domain.rules.frame import Frame

ACTIONS_MAX = 20  # an account remembers each that was rewarded
ACTION_LENGTH_MAX = 32
BENEFITS_MAX = 20  # of one tier
CAP_MAX = 1_000_000
DAYS_MAX = 3_660
REVERSAL_DAYS = 14
REVERSAL_DAYS_MAX = 366
POINTS_MAX = 10**9


def read_rewards(reader: Reader, frame: Frame) -> Rewards:
    """Read all four."""
    welcome = reader.has("welcome_points")
    actions = reader.named("actions", _action)
    if len(actions) > ACTIONS_MAX:
        reader.fault("actions", f"has more than {ACTIONS_MAX} actions")
    return Rewards(
        referral=_referral(reader) if reader.has("referral") else None,
        welcome=_terms(reader.inner("welcome_points")) if welcome else None,
        actions=actions,
        benefits=_benefits(reader, frame),
    )


def _referral(reader: Reader) -> ReferralTerms:
    inner = reader.inner("referral")
    terms = ReferralTerms(
        referrer_points=inner.whole("referrer_points", 0, maximum=POINTS_MAX),
        friend_points=inner.whole("friend_points", 0, maximum=POINTS_MAX),
        trigger=inner.choice("trigger", Trigger, Trigger.FIRST_PURCHASE),
        reversal_days=inner.whole("reversal_days", REVERSAL_DAYS, maximum=REVERSAL_DAYS_MAX),
        cap=inner.whole("cap", 1, minimum=1, maximum=CAP_MAX) if inner.has("cap") else None,
        expires_in_days=_days(inner),
    )
    if not terms.referrer_points and not terms.friend_points:
        inner.fault("referrer_points", "nobody is rewarded: give points to one of the two")
    inner.refuse_unread()
    return terms


def _action(reader: Reader, name: str) -> RewardTerms:
    if not 0 < len(name) <= ACTION_LENGTH_MAX:
        reader.fault(name, f"must have a name of 1 to {ACTION_LENGTH_MAX} characters")
    return _terms(reader.inner(name))


def _terms(inner: Reader) -> RewardTerms:
    terms = RewardTerms(inner.whole("points", 0, minimum=1, maximum=POINTS_MAX), _days(inner))
    inner.refuse_unread()
    return terms


def _days(inner: Reader) -> int | None:
    if not inner.has("expires_in_days"):
        return None
    return inner.whole("expires_in_days", 1, minimum=1, maximum=DAYS_MAX)


def _benefits(reader: Reader, frame: Frame) -> Mapping[str, tuple[str, ...]]:
    return reader.named("benefits", lambda inner, tier: _texts(inner, tier, frame))


def _texts(reader: Reader, tier: str, frame: Frame) -> tuple[str, ...]:
    """Return the texts of one tier, in the order they are listed."""
    if tier not in frame.tiers:
        reader.fault(tier, "is not a level of tiers")
    listed = reader.object[tier]
    is_list = isinstance(listed, list) and 0 < len(listed) <= BENEFITS_MAX
    if is_list and all(
        isinstance(text, str) and 0 < len(text) <= TEXT_LENGTH_MAX for text in listed
    ):
        return tuple(listed)
    reader.fault(tier, f"must be a list of 1 to {BENEFITS_MAX} texts")
    return ()
