"""The problems of points, rewards, receipts and gift cards; see `problems.py`."""

from chalicelib.api.problem import Problem

OF_POINTS = {
    "merge_refused": Problem(
        409,
        "Merge refused",
        "The two are one member, or have too many phones, codes and cards together; or the"
        " number was silent for long; or nothing is redeemed of the other before `until`.",
        "Name two members; take cards that are no longer used from one of them first; sign in"
        " by the number; or wait.",
    ),
    "insufficient_points": Problem(
        409,
        "Not enough points",
        "More points were asked for than can be used; nothing was changed.",
        "Ask for at most `available`.",
    ),
    "receipt_exists": Problem(
        409,
        "Receipt exists",
        "The till has recorded that receipt number under another key; nothing was changed.",
        "Look the receipt up; number receipts without repeats.",
    ),
    "quote_changed": Problem(
        409,
        "Quote changed",
        "The purchase is no longer worth what its quote said; nothing was changed.",
        "Show the new quote and ask the shopper again.",
    ),
    "member_required": Problem(
        400,
        "Member required",
        "Points can be redeemed only by a member, and the request names none.",
        "Send `member_id`, or redeem nothing.",
    ),
    "date_refused": Problem(
        400,
        "Date refused",
        "The date is in the future or too long ago.",
        "Check the till's clock and the time zone of the moment that was sent.",
    ),
    "offline_limit_exceeded": Problem(
        409,
        "Offline limit exceeded",
        "More points were redeemed without a network than the program allows.",
        "Redeem at most `allowed` while offline.",
    ),
    "conflict_not_found": Problem(
        404,
        "Offline conflict not found",
        "There is no such conflict, or it was settled more than 90 days ago.",
        "See GET /v1/offline-conflicts.",
    ),
    "hold_not_found": Problem(
        404,
        "Hold not found",
        "The hold is unknown, captured, released, or its time is over.",
        "Hold the points again.",
    ),
    "too_many_holds": Problem(
        409, "Too many holds", "The account may have no more.", "Capture or release one."
    ),
    "tier_unknown": Problem(
        400, "Tier unknown", "The program has no such tier.", "See GET /v1/program."
    ),
    "referral_cap_reached": Problem(
        409,
        "Referral cap reached",
        "The member was rewarded for as many friends as the program allows.",
        "Nothing is to be done.",
    ),
    "action_unknown": Problem(
        400, "Action unknown", "The program rewards no such action.", "See GET /v1/program."
    ),
    "action_rewarded": Problem(
        409,
        "Action rewarded already",
        "The member was rewarded for this action before; it is once.",
        "Nothing is to be done.",
    ),
    "return_refused": Problem(
        409,
        "Return refused",
        "More is returned than is left of the receipt, or the receipt was voided.",
        "Look the receipt up; return what is left.",
    ),
    "return_exists": Problem(
        409,
        "Return exists",
        "The receipt has a return of that number under another key.",
        "Look the receipt up; number returns without repeats.",
    ),
    "attach_refused": Problem(
        409,
        "Attach refused",
        "The receipt is a member's, was returned, is too old, or has another total.",
        "Check number and total; a manager can move a receipt.",
    ),
    "move_refused": Problem(
        409,
        "Move refused",
        "The receipt has no other member, or something of it was returned.",
        "Attach an anonymous receipt instead of moving it.",
    ),
    "promo_code_refused": Problem(
        409,
        "Promo code refused",
        "`reason` says why: no such code for this member (`unknown`), its days have not begun"
        " (`not_yet`) or are over (`expired`), it was `stopped`, it is `used_up`, the member"
        " has used it often enough (`member_limit`), or it is for members (`member_required`).",
        "Tell the shopper, and send the sale without that one of `promo_codes`.",
    ),
    "gift_card_not_found": Problem(
        404, "Gift card not found", "No gift card has that code.", "Check the code."
    ),
    "gift_card_refused": Problem(
        409,
        "Gift card refused",
        "The card is not active yet, was voided, or is of another currency.",
        "See `state`: a card is activated when it is sold.",
    ),
    "gift_card_insufficient": Problem(
        409,
        "Not enough on the gift card",
        "It holds less.",
        "Ask for at most `available_minor`.",
    ),
    "gift_card_used": Problem(
        409,
        "Gift card used",
        "It, or what it was topped up with, has paid already; or a top-up of it stands.",
        "Return that first; take top-ups back before the sale of the card.",
    ),
    "gift_card_over_limit": Problem(
        409,
        "Gift card over the limit",
        "It would hold more than the program lets a gift card hold; nothing was changed.",
        "Ask for `limit_minor` in all, at most.",
    ),
    "gift_card_locked": Problem(
        429,
        "Too many wrong codes",
        "The member has tried too many codes that are no gift card's.",
        "Try again tomorrow, or pay with the code at the till.",
    ),
    "too_many_gift_cards": Problem(
        409,
        "Too many gift cards",
        "The member keeps as many as one may.",
        "Take one off first: what is left on it stays.",
    ),
    "top_up_not_found": Problem(
        404, "Top-up not found", "The card has no such top-up.", "See the card's `entries`."
    ),
    "draw_not_found": Problem(
        404, "Draw not found", "The merchant has no such draw.", "Check its id."
    ),
    "draw_refused": Problem(
        409,
        "Draw refused",
        "The draw is not where this call wants it; `reason` says why.",
        "Close a draw after its last day, and draw it after that; see docs/DRAWS.md.",
    ),
    "coupon_unknown": Problem(
        400, "Coupon unknown", "The program has no such coupon.", "See GET /v1/program."
    ),
    "coupon_not_offered": Problem(
        409,
        "Coupon not offered",
        "The coupon has no price in points, or its days are over.",
        "See `price_points` and `to` of the coupon in GET /v1/program.",
    ),
    "no_consent": Problem(
        409,
        "No consent to advertising",
        "The member has not agreed to advertising messages, or took that back.",
        "Give the coupon without `notify`; the card shows it.",
    ),
    "no_phone": Problem(
        409, "No phone", "The member has no phone.", "Give the coupon without `notify`."
    ),
    "too_many_messages": Problem(
        429,
        "Too many messages",
        "The phone or the merchant has had as many messages as allowed; nothing was done.",
        "Ask again after Retry-After, or without `notify`.",
    ),
    "promo_code_exists": Problem(
        409, "Promo code exists", "The merchant has that code.", "Choose another."
    ),
    "promo_code_not_found": Problem(
        404, "Promo code not found", "The merchant has no such code.", "Check the code."
    ),
    "code_batch_not_found": Problem(
        404, "Batch not found", "The merchant has no such batch of codes.", "Check the id."
    ),
}
