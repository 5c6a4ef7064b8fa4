"""How a merchant's passes look: one versioned document, read into values.

A member's pass is told from an older one by its version (`pass_version`): a sum of three
counters, of which each change of what the pass shows moves one. So it grows with every
change, and a new design reaches every pass without a write to any account.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

PLACES_MAX = 10  # Apple shows at most as many
_HEX_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


class Symbology(StrEnum):
    """What the pass code is drawn as."""

    QR = "qr"
    AZTEC = "aztec"
    PDF417 = "pdf417"
    CODE128 = "code128"


class PassField(StrEnum):
    """What a pass can show beside its points; each where the design puts it."""

    TIER = "tier"
    MEMBER = "member"
    EXPIRING = "expiring"  # the points that expire next, and when
    STAMPS = "stamps"
    NEXT_TIER = "next_tier"
    DISCOUNT = "discount"  # percent of the tier, where the program gives one


@dataclass(frozen=True, slots=True)
class Colours:
    """Ground, values and the labels above them, as `#rrggbb`."""

    background: str
    foreground: str
    label: str

    def __post_init__(self) -> None:
        """Refuse what is not a colour.

        Raises:
            ValueError: one of the three is not `#RRGGBB`.
        """
        for colour in (self.background, self.foreground, self.label):
            if not _HEX_COLOUR.fullmatch(colour):
                raise ValueError(f"a colour is written #RRGGBB, not {colour!r}")


@dataclass(frozen=True, slots=True)
class Place:
    """A store near which the phone shows the pass."""

    name: str
    latitude_e6: int  # millionths of a degree
    longitude_e6: int
    text: Mapping[str, str] = field(default_factory=dict)  # by language, on the lock screen


@dataclass(frozen=True, slots=True)
class Support:
    """Whom a member may ask; printed on the back."""

    phone: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassDesign:
    """A published design. `DEFAULT_DESIGN` is that of a merchant who has made none."""

    version: int = 0  # of the document; 0: none was published
    program_name: str = ""  # empty: the program's title
    colours: Colours | None = None  # None: from the merchant's accent
    tier_colours: Mapping[str, Colours] = field(default_factory=dict)  # by name of the tier
    logo: str = ""  # id of an image; empty: the default artwork, as below
    strip: str = ""  # of both cards: Apple's strip and Google's hero image
    icon: str = ""
    header: tuple[PassField, ...] = (PassField.TIER,)
    secondary: tuple[PassField, ...] = (PassField.MEMBER, PassField.EXPIRING)
    auxiliary: tuple[PassField, ...] = (PassField.STAMPS,)
    symbology: Symbology = Symbology.QR
    is_sharing_prohibited: bool = True
    expires_on: date | None = None  # last day the pass is good
    places: tuple[Place, ...] = ()
    near_m: int | None = None  # how near to a place, in metres; None: as the phone thinks
    support: Support = Support()
    points_changed: Mapping[str, str] = field(default_factory=dict)  # by language, `{balance}`
    tier_changed: Mapping[str, str] = field(default_factory=dict)  # by language, `{tier}`


DEFAULT_DESIGN = PassDesign()


@dataclass(frozen=True, slots=True)
class DesignVersion:
    """A version of a merchant's design, as its history tells it."""

    version: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """The published design, and how often what all passes show has changed."""

    design: PassDesign = DEFAULT_DESIGN
    revision: int = 0  # grows with each published design and each published program


def pass_version(account_version: int, profile_revision: int, look_revision: int) -> int:
    """Return the version of a pass: the account's `pass_version`, in Unix seconds, and more.

    Every term only ever grows, so a change of any gives a version nobody has seen.

    >>> pass_version(1_790_000_000, 2, 1)
    1790000003
    """
    return account_version + profile_revision + look_revision
