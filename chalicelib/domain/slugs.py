"""A merchant's id, made of its name: what stands in addresses, for ever."""

import re
import unicodedata
from typing import Final

SLUG_CHARS_MAX: Final = 32
SLUGS_TRIED: Final = 6  # under the name itself and with a number, before one is drawn
NAMELESS: Final = "shop"
_LETTERS: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"
_SOUNDS: Final = (
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g"
)
_LATIN: Final = dict(zip(_LETTERS, _SOUNDS.split(" "), strict=True))


def slug_of(name: str) -> str:
    """Return a name in small Latin letters, digits and hyphens.

    >>> slug_of("Пекарня «Колос»")
    'pekarnya-kolos'
    >>> slug_of("Café № 7"), slug_of("???")
    ('cafe-7', 'shop')
    """
    latin = "".join(_LATIN.get(one, one) for one in name.casefold()).replace("_", "")
    # After our own letters: й would fall apart into и and its breve.
    plain = unicodedata.normalize("NFD", latin).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:SLUG_CHARS_MAX].strip("-") or NAMELESS
