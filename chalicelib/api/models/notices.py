"""What a member is told of unasked, and how: switched on and off."""

from chalicelib.api.shapes import Body, Request


class PointsWays(Request):
    """Points earned and redeemed, a new tier; what is left out stays."""

    wallet: bool | None = None
    sms: bool | None = None
    email: bool | None = None


class ReminderWays(Request):
    """Points about to expire, gifts of yearly days; what is left out stays."""

    sms: bool | None = None
    email: bool | None = None


class OfferWays(Request):
    """Coupons; an SMS needs the consent to advertising too. What is left out stays."""

    wallet: bool | None = None
    sms: bool | None = None


class NoticesBody(Request):
    """What is to change of a member's notices; what is left out stays."""

    points: PointsWays | None = None
    reminders: ReminderWays | None = None
    offers: OfferWays | None = None


class PointsWaysAnswer(Body):
    """Points earned and redeemed, a new tier; SMS and letters if the shop sends them."""

    wallet: bool
    sms: bool
    email: bool


class ReminderWaysAnswer(Body):
    """Points about to expire, gifts of yearly days; if the shop sends them."""

    sms: bool
    email: bool


class OfferWaysAnswer(Body):
    """Coupons; an SMS needs the consent to advertising too."""

    wallet: bool
    sms: bool


class NoticesAnswer(Body):
    """What the member has left on: everything, until it is switched off."""

    points: PointsWaysAnswer
    reminders: ReminderWaysAnswer
    offers: OfferWaysAnswer
