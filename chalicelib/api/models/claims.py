"""A receipt that a member made without the card."""

from chalicelib.api.shapes import Day, MinorUnits, Name, Request


class ClaimBody(Request):
    """Number and total as they are printed; till and day where several tills have such one."""

    receipt_id: Name
    total_minor: MinorUnits
    till_id: Name | None = None
    on: Day | None = None
