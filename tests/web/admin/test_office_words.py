"""The office's words: complete in both languages, and every one a template asks for exists."""

import re
from typing import Any

import pytest

from chalicelib.domain.attempts import SignInLocked
from chalicelib.domain.audit import Deed
from chalicelib.domain.colours import CONTRAST_MIN
from chalicelib.domain.day_book import DayKind
from chalicelib.domain.design_document import InvalidDesign, read_design
from chalicelib.domain.members import ConsentPurpose, Scope
from chalicelib.domain.program_document import InvalidProgram, read_program
from chalicelib.usecases.own_devices import DeviceKind
from chalicelib.web.admin.drawing import NAVIGATION
from chalicelib.web.admin.faults import fault_text, refusal_text, span_text
from chalicelib.web.admin.words import words_of
from chalicelib.web.admin.words.faults import FAULTS
from chalicelib.web.rendering import TEMPLATES
from passes.wording import Language

LANGUAGES: tuple[Language, Language] = ("ru", "en")
PLURALS = {"ru": {"one", "few", "many"}, "en": {"one", "other"}}


def blanks(word: Any) -> set[str]:
    return set(re.findall(r"\{\w*\}", str(word)))


def test_both_languages_have_the_same_words_and_blanks() -> None:
    russian, english = (words_of(language) for language in LANGUAGES)

    plain = [name for name in russian if isinstance(russian[name], str)]

    assert russian.keys() == english.keys()
    assert {n: blanks(russian[n]) for n in plain} == {n: blanks(english[n]) for n in plain}
    assert russian["key_names"].keys() == english["key_names"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_its_forms(language: Language) -> None:
    found = {
        name: set(word)
        for name, word in words_of(language).items()
        if isinstance(word, dict) and name != "key_names"
    }

    assert found
    assert all(forms == PLURALS[language] for forms in found.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_shouts_or_boasts(language: Language) -> None:
    texts = [str(word) for word in words_of(language).values()]

    assert not [text for text in texts if "!" in text or "успешно" in text.lower()]


def test_no_russian_word_is_left_in_english_and_none_of_english_in_russian() -> None:
    russian, english = (words_of(language) for language in LANGUAGES)
    same = {name for name in russian if russian[name] == english[name]}

    assert not [word for word in english.values() if re.search("[а-яё]", str(word))]
    assert same <= {
        "service", "title", "unit_percent", "symbology_aztec", "apple_caption",
        "device_apple_wallet", "person_pin", "poster_pdf", "poster_svg", "poster_for",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_a_template_names_exists(language: Language) -> None:
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.glob("admin/*.html")]

    named = {name for text in texts for name in re.findall(r"\bwords\.(\w+)", text)} - {"get"}

    assert named
    assert named <= words_of(language).keys()


def test_no_word_hides_behind_a_method_of_its_catalogue() -> None:
    assert not words_of("ru").keys() & set(dir(dict))


def test_no_template_holds_words_of_its_own() -> None:
    texts = {p.name: p.read_text(encoding="utf-8") for p in TEMPLATES.glob("admin/*.html")}

    spoken = {
        name: found
        for name, text in texts.items()
        if (found := re.findall("[А-Яа-яЁё]+", text.replace("Русский", "")))
    }

    assert spoken == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_with_a_name_of_its_own_is_called_something(language: Language) -> None:
    wanted = {f"deed_{one}" for one in Deed} | {f"kind_{one}" for one in DayKind}
    wanted |= {f"scope_{one}" for one in Scope} | {f"consent_{one}" for one in ConsentPurpose}
    wanted |= {f"device_{one}" for one in DeviceKind}
    wanted |= {link.name for _, group in NAVIGATION for link in group}

    assert wanted <= words_of(language).keys()


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"earn_percent": 101}, "Процент от 0 до 100, например 7,5"),
    ({"pending_days": -1}, "Целое число от 0 до 3660"),
    ({"expiry_days": 5, "pending_days": 9}, "Баллы сгорят раньше, чем станут доступны"),
    ({"unknown": 1}, "Такого правила нет"),
    ({"min_money": "a lot"}, "Сумма цифрами"),
    ({"timezone": "Mars/Base"}, "Нет такого часового пояса"),
    ({"type": "magic"}, "Одно из значений"),
]


@pytest.mark.parametrize(("document", "words"), FAULTY, ids=str)
def test_a_programs_fault_is_told_in_the_owners_language(
    document: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidProgram) as refused:
        read_program(document, 1)

    said = [fault_text(text, "ru") for _, text in refused.value.faults]

    assert any(words in one for one in said)


def test_a_designs_poor_contrast_is_told_with_its_figures() -> None:
    colours = {"background": "#777777", "foreground": "#888888", "label": "#ffffff"}
    with pytest.raises(InvalidDesign) as refused:
        read_design({"colours": colours})

    said = {path: fault_text(text, "ru") for path, text in refused.value.faults}

    assert said["/colours/foreground"].startswith("Контраст с фоном 1,")
    assert f"{CONTRAST_MIN}".replace(".", ",") in said["/colours/foreground"]


def test_what_has_no_pattern_says_that_the_value_does_not_fit() -> None:
    assert fault_text("something nobody foresaw", "ru") == "Значение не подходит"
    assert fault_text("something nobody foresaw", "en") == "This value does not fit"


def test_every_pattern_fills_in_as_many_blanks_as_it_catches() -> None:
    for pattern, *texts in FAULTS:
        groups = re.compile(pattern).groups
        used = {int(number) for text in texts for number in re.findall(r"%(\d)", text)}

        assert used <= set(range(1, groups + 1))


def test_a_wait_is_told_in_minutes_and_never_too_short() -> None:
    locked = SignInLocked("too many", retry_after_seconds=61)

    said = refusal_text(locked, "ru")

    assert said == "Слишком много попыток. Попробуйте через 2\u00a0минуты."
    assert span_text(45, "en") == "45\u00a0seconds"
