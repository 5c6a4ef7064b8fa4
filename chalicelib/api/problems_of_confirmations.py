"""The problems of confirmations and replaced codes; see `problems.py`."""

from chalicelib.api.problem import Problem

OF_CONFIRMATIONS = {
    "confirmation_required": Problem(
        403,
        "Confirmation required",
        "A till may redeem only `allowed` points more today without a second factor, and binds"
        " no card to who was found by phone; nothing was changed."
        " `reason` says what is wrong with the confirmation that was named.",
        "Scan the code that the card shows now, or send one by SMS: POST /v1/confirmations;"
        " then the same call with `confirmation_id`, or with at most `allowed` points.",
    ),
    "confirmation_not_found": Problem(
        404, "Confirmation not found", "There is no such confirmation.", "Ask for a new one."
    ),
    "confirmation_used": Problem(
        409,
        "Confirmation used",
        "This code, or one shown after it, has confirmed something already.",
        "Wait for the card's next code, or send one by SMS.",
    ),
    "confirmation_expired": Problem(
        410, "Confirmation expired", "Its minutes are over.", "Ask for a new one."
    ),
    "confirmation_code_wrong": Problem(
        400,
        "Wrong code",
        "The code is not the one that was sent, or the card does not show it now.",
        "Scan the card again; look again and retype.",
    ),
    "confirmation_locked": Problem(
        429,
        "Confirmation locked",
        "Too many wrong codes were tried. Earning goes on.",
        "Ask for a new code, use another method, or wait as Retry-After says.",
    ),
    "code_replaced": Problem(
        404,
        "Code replaced",
        "The member of that code has another by now: it was lost or copied.",
        "Ask for the card as it is now: reload the page, or refresh the pass on the phone.",
    ),
    "identifier_not_found": Problem(
        404, "Identifier not found", "The member has no such card or code.", "Check the number."
    ),
}
