"""What the templates' categories are called: their codes are one word for every language.

A merchant's own category is called what the merchant calls it.
"""

from collections.abc import Mapping
from typing import Final

from passes.wording import Language

CATEGORY_NAMES: Final[Mapping[Language, Mapping[str, str]]] = {
    "ru": {
        "pastry": "выпечка",
        "confectionery": "кондитерские изделия",
        "drinks": "напитки",
        "coffee": "кофе",
        "phones": "телефоны",
        "glass_and_cases": "стёкла и чехлы",
        "default": "остальное",
    },
    "en": {
        "pastry": "pastry",
        "confectionery": "confectionery",
        "drinks": "drinks",
        "coffee": "coffee",
        "phones": "phones",
        "glass_and_cases": "glass and cases",
        "default": "everything else",
    },
}


def category_name(code: str, language: Language) -> str:
    """Return what a category is called.

    >>> category_name("pastry", "ru"), category_name("Сырники", "ru")
    ('выпечка', 'Сырники')
    """
    return CATEGORY_NAMES[language].get(code, code)
