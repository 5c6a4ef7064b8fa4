"""The problems of what members do with their own card; see `problems.py`."""

from chalicelib.api.problem import Problem

OF_MEMBERS = {
    "device_not_found": Problem(
        404,
        "Device not found",
        "The card is on no such device, or has been taken from it already.",
        "List the devices anew.",
    ),
    "erase_unconfirmed": Problem(
        403,
        "Erasure not confirmed",
        "Members erase themselves by a code sent to their phone; nothing was changed. `reason`"
        " says what is wrong with the confirmation that was named.",
        "POST /v1/me/confirmations with the purpose `erase`, verify the code, then the same"
        " call with `confirmation_id`.",
    ),
    "phone_change_not_found": Problem(
        404,
        "Phone change not found",
        "There is no such change of a phone, or its time is long over.",
        "Begin it anew.",
    ),
    "phone_unchanged": Problem(
        409, "Phone unchanged", "The member has that phone already.", "Nothing is to be done."
    ),
    "phone_taken": Problem(
        409,
        "Phone taken",
        "The new phone is another member's.",
        "Make the two members one first: POST /v1/members/{member_id}/merges.",
    ),
    "phone_change_refused": Problem(
        409,
        "Phone change refused",
        "The change is not so far yet, needs nobody, is over, or the phone was changed"
        " meanwhile.",
        "See `state` of the change; begin it anew if it is over.",
    ),
    "redemption_paused": Problem(
        409,
        "Redemption paused",
        "The member's phone was changed without the old one a short while ago: nothing is"
        " redeemed before `until`. Earning goes on.",
        "Sell without redeeming, or wait.",
    ),
    "claim_locked": Problem(
        429,
        "Claims locked",
        "Too many receipts were asked for in vain, or claimed, in 24 hours; the limit protects"
        " those of others.",
        "Try again tomorrow, or ask at the till with the receipt in hand.",
    ),
    "claim_ambiguous": Problem(
        409,
        "Claim ambiguous",
        "Several tills have a receipt of that number and total, or there are too many tills.",
        "Send `till_id` or `on` as well; they are printed on the receipt.",
    ),
    "device_not_removable": Problem(
        409,
        "Device not removable",
        "Google keeps the pass with the member's account there, on whichever phone that is.",
        "Sign the lost phone out of its Google account; removing a browser of that phone"
        " replaces the code that the pass there has shown.",
    ),
}
