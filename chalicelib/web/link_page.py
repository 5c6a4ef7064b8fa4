"""The page behind the link in a message (`/k/…`): it confirms a phone.

Opening it changes nothing: messengers and mail filters open links to draw a preview. The
page's script, on a page that somebody sees, sends the confirmation; a link that is over
leads to the join page.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import directory, link_desk
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.ports import Trouble
from chalicelib.usecases.members import MemberView, view_member
from chalicelib.usecases.phone_links import LinkUnknown, member_of_link
from chalicelib.usecases.write_once import MerchantNotFound
from chalicelib.web.reading import missing, page_language, unavailable
from chalicelib.web.rendering import page, render
from chalicelib.web.wording import WORDS
from passes.wording import Language

link_page = Blueprint(__name__)


@endpoint(
    link_page,
    "GET",
    "/k/{token}",
    summary="Confirm a phone by the link that was sent to it.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_link(call: Call[None], token: str) -> Answer:
    """Show whose card it is and what is to be agreed to; change nothing."""
    try:
        member = member_of_link(token, at=call.at, desk=link_desk())
        shown = view_member(member, at=call.at, directory=directory())
    except (LinkUnknown, MemberNotFound, MerchantNotFound):
        return missing(call, "missing_link")
    except Trouble:
        return unavailable(call)
    language = page_language(call, fallback=shown.profile.language)
    view = link_view(shown, language, token)
    return page(render("link.html", view, language, accent=shown.merchant.accent))


def link_view(shown: MemberView, language: Language, token: str) -> dict[str, Any]:
    """Return what the page shows, as plain text; consents that are given are not asked."""
    from chalicelib.web.card_page import monogram  # lazy: Babel, see pages.py
    from chalicelib.web.consents import QUESTIONS

    merchant, words = shown.merchant, WORDS[language]
    granted = {one.purpose for one in shown.profile.consents if one.granted}
    return {
        "merchant": merchant.name,
        "monogram": monogram(merchant.name),
        "title": words["link_title"].format(merchant=merchant.name),
        "confirm_path": f"/v1/phone-links/{token}",
        "join_path": f"/j/{merchant.merchant_id}",
        "consents": [
            {
                "purpose": question.purpose.value,
                "version": question.version,
                "text": question.text(merchant.name, language),
                "is_required": question.is_required,
            }
            for question in QUESTIONS
            if question.purpose not in granted
        ],
    }
