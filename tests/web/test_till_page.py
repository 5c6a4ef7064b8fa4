"""The till's page and words: complete in both languages, and every file it names is there."""

import re

import pytest

import app  # noqa: F401  registers every endpoint
from chalicelib.api.endpoint import ENDPOINTS
from chalicelib.api.openapi import problem_codes
from chalicelib.domain.named_goods import goods_named
from chalicelib.domain.staff import Role
from chalicelib.domain.templates import templates
from chalicelib.web.admin.words import words_of
from chalicelib.web.assets import FOLDER
from chalicelib.web.till_desk_words import TILL_DESK_WORDS
from chalicelib.web.till_page import first_modules, modules
from chalicelib.web.till_problem_words import TILL_PROBLEM_WORDS
from chalicelib.web.till_proof_words import TILL_PROOF_WORDS
from chalicelib.web.till_sale_words import TILL_SALE_WORDS
from chalicelib.web.till_shift_words import TILL_SHIFT_WORDS
from chalicelib.web.till_words import TILL_WORDS
from passes.wording import Language

# Families of words: the end comes from the service, or from a choice the screen offers.
FAMILIES = ("entry_", "by_")
FORMS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
CALLS = {
    ("POST", "/v1/confirmations"),
    ("POST", "/v1/confirmations/{confirmation_id}/verify"),
    ("POST", "/v1/gift-cards"),
    ("GET", "/v1/gift-cards/{code}"),
    ("POST", "/v1/gift-cards/{code}/top-ups"),
    ("POST", "/v1/gift-cards/{code}/top-ups/{top_up_id}/void"),
    ("POST", "/v1/gift-cards/{code}/void"),
    ("POST", "/v1/lookups"),
    ("POST", "/v1/members"),
    ("GET", "/v1/members/{member_id}"),
    ("POST", "/v1/purchase-batches"),
    ("GET", "/v1/purchases"),
    ("POST", "/v1/purchases"),
    ("GET", "/v1/purchases/{purchase_id}"),
    ("POST", "/v1/purchases/{purchase_id}/attach"),
    ("POST", "/v1/purchases/{purchase_id}/move"),
    ("POST", "/v1/purchases/{purchase_id}/returns"),
    ("POST", "/v1/purchases/{purchase_id}/returns/quote"),
    ("POST", "/v1/purchases/{purchase_id}/void"),
    ("POST", "/v1/quotes"),
    ("POST", "/v1/till/activations"),
    ("POST", "/v1/till/approvals"),
    ("POST", "/v1/till/lock"),
    ("GET", "/v1/till/operations"),
    ("POST", "/v1/till/pin-resets"),
    ("GET", "/v1/till/session"),
    ("GET", "/v1/till/shift"),
    ("POST", "/v1/till/sign-in"),
    ("GET", "/v1/till/training-members"),
    ("POST", "/v1/till/training-quotes"),
}
# Whoever is not signed in any more is led to the sign-in.
SIGNED_OUT = {"unauthenticated", "session_missing", "session_locked"}
OF_SCREENS = {*SIGNED_OUT, "session_expired", "pin_wrong", "pin_locked"}
LATER = {"internal_error", "unavailable", "busy"}  # 5xx: one sentence for them all
# A till that makes them has a fault, which no cashier can mend: `problem_unexpected`.
OUR_MISTAKES = {
    *("bad_input", "unknown_field", "malformed_json", "body_too_large"),
    *("unsupported_media_type", "idempotency_key_missing", "idempotency_key_reused"),
    *("csrf_refused", "not_found"),
}
LETTERS = re.compile(r"[\u0400-\u04ff]")


def scripts() -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in modules())


def test_both_languages_have_the_same_words_and_blanks() -> None:
    russian, english = (
        {name: set(re.findall(r"\{\w+\}", str(word))) for name, word in words.items()}
        for words in (TILL_WORDS["ru"], TILL_WORDS["en"])
    )

    assert russian == english


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_counted_has_every_form_of_its_language(language: str) -> None:
    words = TILL_WORDS["ru" if language == "ru" else "en"]
    counted = {name: set(forms) for name, forms in words.items() if isinstance(forms, dict)}

    assert counted
    assert {name for name, forms in counted.items() if forms != FORMS[language]} == set()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_roles_and_places_are_called_what_the_office_calls_them(language: Language) -> None:
    ours, offices = TILL_WORDS[language], words_of(language)

    assert [ours[f"role_{one}"] for one in Role] == [offices[f"role_{one}"] for one in Role]
    assert str(offices["stores"]) in str(ours["activation_lead"])
    assert str(offices["staff"]) in str(ours["sign_in_nobody"])
    assert [name for name, word in ours.items() if "офис" in str(word)] == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_categories_of_every_template_have_a_name(language: Language) -> None:
    codes = {
        part.name
        for one in templates()
        for part in goods_named(one.document)
        if part.kind == "category"
    }

    assert codes
    assert {code for code in codes if f"category_{code}" not in TILL_WORDS[language]} == set()


def test_no_page_overwrites_the_words_of_another() -> None:
    selling = (TILL_PROBLEM_WORDS, TILL_SALE_WORDS, TILL_PROOF_WORDS)
    pages = (*selling, TILL_DESK_WORDS, TILL_SHIFT_WORDS)
    names = [name for page in pages for name in page["ru"]]

    assert {name for name in names if names.count(name) > 1} == set()
    assert len(TILL_WORDS["ru"]) > len(names)


def test_no_word_shouts_and_none_is_empty() -> None:
    for words in TILL_WORDS.values():
        assert not [name for name, word in words.items() if "!" in str(word) or not word]


def test_every_word_the_scripts_say_is_in_the_catalogue() -> None:
    said = set(re.findall(r'\b(?:t|counted)\(\s*"(\w+)"', scripts()))

    assert "go" in said
    assert said - set(TILL_WORDS["ru"]) == set()


def test_every_word_of_a_sale_is_said() -> None:
    said = set(re.findall(r'"(\w+)"', scripts()))

    words = {*TILL_SALE_WORDS["ru"], *TILL_PROOF_WORDS["ru"]}
    unsaid = {name for name in words if name not in said}

    assert {name for name in unsaid if not name.startswith(FAMILIES)} == set()


def test_every_call_the_scripts_make_is_listed_here() -> None:
    said = re.findall(r"""["`](/v1/[^"`?]+)""", scripts())
    made = {re.sub(r"\$\{.*?\}(?=/|$)", "{}", path) for path in said} - {"/v1/…"}
    listed = {re.sub(r"\{\w+\}", "{}", path) for _, path in CALLS}

    assert {path for path in made if not path.startswith("/v1/till/shift")} <= listed
    assert all(f"/{last}`" in scripts() for last in ("move", "void"))


@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_every_refusal_the_till_can_meet_has_words(method: str, path: str) -> None:
    [endpoint] = [one for one in ENDPOINTS if (one.method, one.path) == (method, path)]

    codes = {*problem_codes(endpoint)} - OF_SCREENS - OUR_MISTAKES - LATER

    for words in TILL_WORDS.values():
        assert {code for code in codes if f"problem_{code}" not in words} == set()


def test_what_a_screen_says_itself_it_knows_by_name() -> None:
    named = {code for code in OF_SCREENS if f'"{code}"' in scripts()}

    assert named == OF_SCREENS - SIGNED_OUT
    assert "status === 401" in scripts()


def test_the_scripts_themselves_speak_no_language() -> None:
    spoken = {
        name
        for name in modules()
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
        if LETTERS.search(line) and not line.lstrip().startswith(("*", "/*", "//"))
    }

    # Letters that look like Latin ones, any letter at all, and the languages' own names.
    assert spoken <= {"till/codes.js", "till/desk/pick_member.js", "till/words.js"}


def test_what_is_fetched_first_is_a_part_of_it_all() -> None:
    first, later = set(first_modules()), set(modules())

    assert "till/screens/activation.js" in first
    assert {"till/screens/sale.js", "till/desk/returns.js"} <= later - first
    assert first <= later
