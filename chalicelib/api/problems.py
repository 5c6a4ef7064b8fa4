"""Every problem the API can answer: stable code, status, and a page for its reader.

`errors.py` turns exceptions into these; no other module knows a status code of a
problem. Format: RFC 9457 (read 2026-11). A code never changes its meaning; a retryable
one may be sent again as it is, with the same Idempotency-Key. Those of points, receipts
and gift cards are in `problems_of_points.py`.
"""

from chalicelib.api.problem import Problem
from chalicelib.api.problems_of_confirmations import OF_CONFIRMATIONS
from chalicelib.api.problems_of_designs import OF_DESIGNS
from chalicelib.api.problems_of_jobs import OF_JOBS
from chalicelib.api.problems_of_members import OF_MEMBERS
from chalicelib.api.problems_of_passes import OF_PASSES
from chalicelib.api.problems_of_points import OF_POINTS
from chalicelib.api.problems_of_staff import OF_STAFF

__all__ = ["PROBLEMS", "Problem"]

PROBLEMS = {
    # The request itself.
    "bad_input": Problem(
        400,
        "Bad input",
        "A field is missing, or has a wrong type or a value out of bounds.",
        "Correct the places that `errors` points at.",
    ),
    "unknown_field": Problem(
        400,
        "Unknown field",
        "A field or query parameter is not known here; it might be misspelt.",
        "Remove or rename the places that `errors` points at.",
    ),
    "malformed_json": Problem(
        400,
        "Malformed JSON",
        "The body is not UTF-8 JSON, names a key twice, holds NaN or is nested too deep.",
        "Send one JSON value, nested at most 20 levels.",
    ),
    "body_too_large": Problem(
        413,
        "Body too large",
        "The body is over 64 KB, an image over 1 MB or a catalogue over 4 MB.",
        "Send less at once.",
    ),
    "path_invalid": Problem(
        400, "Path invalid", "The path is not UTF-8.", "Percent-encode its parts as UTF-8."
    ),
    "query_invalid": Problem(
        400, "Query invalid", "The query is not UTF-8 or has too many fields.", "Send less."
    ),
    "overloaded": Problem(
        503, "Overloaded", "Too many requests at once.", "Ask again after Retry-After.", True
    ),
    "path_too_long": Problem(
        414, "Path too long", "The path is over 4096 bytes.", "Send ids as you received them."
    ),
    "unsupported_media_type": Problem(
        415,
        "Unsupported media type",
        "The Content-Type is not the one this call takes.",
        "Send JSON as application/json, a catalogue as text/csv, an image as what it is.",
    ),
    "idempotency_key_missing": Problem(
        400,
        "Idempotency-Key missing",
        "This call moves points and must name itself, so that a repeat changes nothing.",
        "Send an Idempotency-Key: 1 to 255 printable ASCII characters, new per operation.",
    ),
    "idempotency_key_reused": Problem(
        422,
        "Idempotency-Key reused",
        "The key was used before for another request.",
        "Use a new key for a new operation; repeat an old one with its exact body.",
    ),
    # Who is calling.
    "unauthenticated": Problem(
        401,
        "Not authenticated",
        "The Authorization header is missing, or its key or token is unknown or revoked.",
        "Send `Authorization: Bearer` with a valid key or member token.",
    ),
    "scope_missing": Problem(
        403,
        "Scope missing",
        "The credential is valid but may not do this.",
        "Use a key with the scope that the documentation names.",
    ),
    "pass_unknown": Problem(
        401,
        "Pass unknown",
        "There is no such pass, or the token is not its own.",
        "Add the pass again from the card page.",
    ),
    # What it names.
    "not_found": Problem(
        404, "Not found", "There is no such thing here.", "Check the id and the credential."
    ),
    "member_not_found": Problem(
        404,
        "Member not found",
        "No member of this merchant has that id, code, phone or card.",
        "Check what was scanned or typed, or sign the shopper up.",
    ),
    "purchase_not_found": Problem(
        404, "Purchase not found", "There is no such receipt.", "Check its number and till."
    ),
    "method_not_allowed": Problem(
        405, "Method not allowed", "The path has no such method.", "See /v1/openapi.json."
    ),
    "gone": Problem(410, "Gone", "The member was erased.", "Nothing can be done with it."),
    # Sign-up.
    "phone_invalid": Problem(
        400,
        "Phone number invalid",
        "The number is not one that a mobile phone can have.",
        "Ask for the number again, with its country code.",
    ),
    "phone_not_allowed": Problem(
        403,
        "Phone number not allowed",
        "Codes are not sent to numbers of that country or kind.",
        "Use a number of a country in `countries`, or send one of the `alternatives` instead.",
    ),
    "email_off": Problem(
        400, "No e-mail", "No codes are sent by e-mail here.", "See `alternatives`, or `phone`."
    ),
    "too_many_codes": Problem(
        429,
        "Too many codes",
        "Too many codes were asked for; the limit protects phones and budgets.",
        "Wait for as many seconds as Retry-After says.",
        is_retryable=True,
    ),
    "code_wrong": Problem(
        400, "Wrong code", "The code is not the one that was sent.", "Look again and retype."
    ),
    "code_expired": Problem(
        410, "Code expired", "The code's minutes are over.", "Ask for a new code."
    ),
    "code_used": Problem(409, "Code used", "The code was used already.", "Ask for a new code."),
    "code_locked": Problem(
        429, "Code locked", "Too many wrong codes were tried.", "Wait as Retry-After says."
    ),
    "member_unverified": Problem(
        409,
        "Member not confirmed",
        "A till has typed the phone in and nobody has confirmed it: points are earned and not"
        " redeemed.",
        "Ask the shopper to tap the link in the message, or to sign up on the join page."
        " POST /v1/members with the same phone sends the link again.",
    ),
    "member_verified": Problem(
        409, "Member confirmed", "The member is confirmed already.", "There is nothing to do."
    ),
    "link_unknown": Problem(
        404,
        "Link unknown",
        "There is no such link, its time is over, it was used, or is not needed any more.",
        "Sign in by phone on the join page.",
    ),
    "consent_missing": Problem(
        400,
        "Consent missing",
        "Membership needs consent to the processing of its data.",
        "Ask for the consent named `program`.",
    ),
    "birth_date_needed": Problem(
        409,
        "Birth date needed",
        "The number was silent for half a year and may have another owner by now.",
        "Ask for the birth date and send the same code with `birth_date`, at most three times;"
        " or with `starts_anew`, for a card of one's own.",
    ),
    "sign_up_not_found": Problem(
        404, "Sign-up not found", "Its time is long over, or never was.", "Ask for a code."
    ),
    # Merchants, programs and members.
    "merchant_not_found": Problem(
        404, "Merchant not found", "There is no such merchant.", "Check the address."
    ),
    "program_invalid": Problem(
        400,
        "Program invalid",
        "The document cannot be a program; nothing of it was kept.",
        "Correct what `errors` names: the path of each field, and what it must be.",
    ),
    "catalogue_invalid": Problem(
        400,
        "Catalogue invalid",
        "The file cannot be a catalogue; nothing of it was imported.",
        "Correct the rows that `errors` names (the header is row 1) and send the file again.",
    ),
    "draft_missing": Problem(
        409, "Draft missing", "There is no draft to publish.", "PUT the draft first."
    ),
    "draft_outdated": Problem(
        409,
        "Draft outdated",
        "Another version was published, or another draft saved, meanwhile.",
        "Read what is published and the draft, save it again if need be, publish it.",
    ),
    "merchant_taken": Problem(
        409, "Merchant id taken", "The merchant id is in use.", "Choose another."
    ),
    "card_number_taken": Problem(
        409,
        "Card number taken",
        "The card number is bound to another member.",
        "Look the card up; give the shopper another card.",
    ),
    "too_many_card_numbers": Problem(
        409, "Too many cards", "The member has ten cards already.", "Use one of them."
    ),
    "birth_date_fixed": Problem(
        409,
        "Birth date fixed",
        "The member has corrected the birth date once already.",
        "Ask the staff to correct it.",
    ),
    "anniversary_refused": Problem(
        409,
        "Anniversary refused",
        "Too many yearly days, one listed twice, or one changed once already.",
        "See `detail`; the staff can correct a day.",
    ),
    # Trouble of ours.
    "busy": Problem(
        503,
        "Busy",
        "The same account or receipt was changed by many at once.",
        "Repeat with the same Idempotency-Key after Retry-After seconds.",
        is_retryable=True,
    ),
    "unavailable": Problem(
        503,
        "Unavailable",
        "The store did not answer in time; whether it wrote is unknown.",
        "Repeat with the same Idempotency-Key after Retry-After seconds: it settles it.",
        is_retryable=True,
    ),
    "internal_error": Problem(
        500,
        "Internal error",
        "Something is wrong on our side; the alarm has been raised.",
        "Repeat later with the same Idempotency-Key, or report the Request-Id.",
        is_retryable=True,
    ),
    **OF_DESIGNS,
    **OF_CONFIRMATIONS,
    **OF_JOBS,
    **OF_MEMBERS,
    **OF_PASSES,
    **OF_POINTS,
    **OF_STAFF,
}
