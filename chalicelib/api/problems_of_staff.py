"""The problems of staff, their sessions and their sign-in; see `problems.py`."""

from chalicelib.api.problem import Problem

OF_STAFF = {
    # Sessions.
    "session_missing": Problem(
        401, "No session", "The call came without a session's cookie.", "Sign in first."
    ),
    "session_expired": Problem(
        401,
        "Session over",
        "The session is over or was ended; nothing was changed.",
        "Sign in again; a till is bound again with a new code from the office.",
    ),
    "session_locked": Problem(
        401,
        "Nobody signed in",
        "The session is there, but nobody is signed in; nothing was changed.",
        "Sign in with a PIN at the till, or with the second factor in the office.",
    ),
    "csrf_refused": Problem(
        403,
        "Request of another site",
        "The call came by cookie without the token of its page, or from another site.",
        "Send the session's `csrf_token` as X-CSRF-Token, from a page of this service.",
    ),
    "sign_in_again": Problem(
        403,
        "Sign in again",
        "This needs a sign-in within the last 10 minutes.",
        "Give the password and the second factor once more.",
    ),
    "sign_in_refused": Problem(
        400,
        "Sign-in refused",
        "The e-mail and password, or the code, are not right.",
        "Look again and retype.",
    ),
    "sign_in_locked": Problem(
        429,
        "Sign-in locked",
        "Too many wrong tries.",
        "Wait for as many seconds as Retry-After says.",
    ),
    # Tills.
    "activation_refused": Problem(
        400,
        "Code refused",
        "The code is wrong, was used, or its 10 minutes are over.",
        "Make a new code in the office.",
    ),
    "activation_locked": Problem(
        429,
        "Codes locked",
        "Too many wrong codes came from this network.",
        "Wait for as many seconds as Retry-After says.",
    ),
    "pin_wrong": Problem(
        400,
        "Wrong PIN",
        "Not the person's PIN; `attempts_left` come without a wait.",
        "Type it again; a manager can reset it.",
    ),
    "pin_locked": Problem(
        429,
        "PIN locked",
        "Too many wrong PINs at this till.",
        "Wait for as many seconds as Retry-After says; a manager can reset the PIN.",
    ),
    "pin_invalid": Problem(
        400,
        "PIN invalid",
        "A PIN is 4 to 6 digits, not all the same and not in a row.",
        "Choose another.",
    ),
    "approval_required": Problem(
        403,
        "Approval required",
        "A cashier may not do this alone; nothing was changed.",
        "Ask a manager: POST /v1/till/approvals of this call, then repeat with `Approval-Id`.",
    ),
    "approval_refused": Problem(
        403,
        "Approval refused",
        "The approval is used, is over 2 minutes old, or is of another till or call.",
        "Ask the manager again.",
    ),
    "approver_refused": Problem(
        403,
        "Not theirs to approve",
        "Only a manager approves; only the owner resets a manager's PIN.",
        "Ask somebody who may.",
    ),
    "staff_not_found": Problem(
        404, "Person not found", "Nobody of that id works here.", "Check the id."
    ),
    "store_not_found": Problem(
        404, "Store not found", "The merchant has no such store.", "Check the id."
    ),
    "till_not_found": Problem(
        404,
        "Till not found",
        "The merchant has no such till, or it was switched off.",
        "Check the id; switch the till on in the office.",
    ),
    "owner_fixed": Problem(
        409,
        "Owners stay",
        "An owner stays one, stays, and has no PIN.",
        "Change somebody else; at a till a manager signs in.",
    ),
    "own_card": Problem(
        409,
        "Own card",
        "The card is that of whoever rings it up; nothing was changed.",
        "Let a colleague ring it up, or sell without the card.",
    ),
    "too_many": Problem(
        409,
        "Too many",
        "There are as many of them as there may be.",
        "Change one of those that are there.",
    ),
    # Owners.
    "password_weak": Problem(
        400,
        "Password too weak",
        "The password is short, tried first, or made of names everybody knows: see `reason`.",
        "Choose another, of at least 12 characters.",
    ),
    "password_link_over": Problem(
        410,
        "Link over",
        "The link to another password is used, older than 30 minutes, or none of ours.",
        "Ask for another letter.",
    ),
    "email_invalid": Problem(
        400, "E-mail invalid", "That is not an e-mail address.", "Look again and retype."
    ),
    "email_taken": Problem(
        409,
        "E-mail taken",
        "Somebody signs in with that address already.",
        "Sign in, or use another address.",
    ),
    "second_factor_missing": Problem(
        403,
        "Second factor missing",
        "This needs a second factor, and none is set up.",
        "Set one up in the office.",
    ),
    "second_factor_refused": Problem(
        409, "Nothing to confirm", "No second factor was begun.", "Begin again."
    ),
    "key_not_found": Problem(
        404, "Key not found", "The merchant has no such key.", "Check the id."
    ),
    "too_many_keys": Problem(
        409,
        "Too many keys",
        "The till has two active keys, as many as a rotation needs.",
        "Revoke one of them first.",
    ),
}
