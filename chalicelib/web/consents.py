"""What a shopper agrees to, word for word, and the version each answer is stored with.

A changed word is a new version: a test pins each version to its text, as the answers given
before stay bound to what was shown then.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.domain.members import ConsentPurpose
from passes.wording import Language


@dataclass(frozen=True, slots=True)
class Question:
    """One consent; `{merchant}` stands for the name."""

    purpose: ConsentPurpose
    version: str
    is_required: bool
    ru: str
    en: str

    def text(self, merchant: str, language: Language) -> str:
        """Return the question as it is asked; the name is put in, never interpreted."""
        pattern = self.ru if language == "ru" else self.en
        return pattern.replace("{merchant}", merchant)


QUESTIONS: Final = (
    Question(
        ConsentPurpose.PROGRAM,
        version="program-2026-11",
        is_required=True,
        ru="Даю согласие на обработку телефона, имени и даты рождения для ведения карты:"
        " начисления и списания баллов, отправки кодов. Оператор: {merchant}.",
        en="I agree to my phone number, name and birth date being processed to run the card:"
        " to earn and redeem points and to send codes. Controller: {merchant}.",
    ),
    Question(
        ConsentPurpose.ADVERTISING,
        version="advertising-2026-11",
        is_required=False,
        ru="Хочу получать новости и предложения. Отправитель: {merchant}."
        " Отказаться можно в любой момент.",
        en="Send me news and offers. Sender: {merchant}. I can opt out at any time.",
    ),
)
