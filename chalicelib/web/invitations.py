"""Bringing friends in: what the join page says to one, and what the card lets a member send."""

from urllib.parse import quote

from chalicelib.domain.program import Program
from chalicelib.domain.rewards import ReferralTerms, Trigger
from chalicelib.usecases.members import MemberView
from chalicelib.web.wording import WORDS
from chalicelib.wiring import services
from passes.wording import Language, points_text


def invited_by(asked: str | None) -> str | None:
    """Return the referral code of a link; None if it cannot be one, however it came about."""
    if not asked or services().keyring.pass_code_of(asked) is None:
        return None
    return asked


def invitation_text(program: Program, code: str | None, language: Language) -> str:
    """Return what a friend who was invited is told; nothing if nobody is rewarded."""
    terms, words = program.rewards.referral, WORDS[language]
    if code is None or terms is None:
        return ""
    if not terms.friend_points:
        return str(words["invited"])
    points = points_text(terms.friend_points, language)
    return str(words[f"invited_{_when(terms)}"].format(points=points))


def share_view(view: MemberView, public_url: str, language: Language) -> dict[str, str] | None:
    """Return the link a member may send to friends; None if the program rewards none."""
    terms, words = view.program.rewards.referral, WORDS[language]
    if terms is None or view.referral_code is None:
        return None
    given = [
        words[word].format(points=points_text(points, language))
        for word, points in (
            ("share_mine", terms.referrer_points),
            ("share_theirs", terms.friend_points),
        )
        if points
    ]
    text = ", ".join(given) + words[f"share_{_when(terms)}"]
    path = f"/j/{quote(view.merchant.merchant_id)}?r={quote(view.referral_code)}"
    return {"text": text[:1].upper() + text[1:], "url": public_url + path}


def _when(terms: ReferralTerms) -> str:
    return "at_once" if terms.trigger is Trigger.SIGN_UP else "later"
