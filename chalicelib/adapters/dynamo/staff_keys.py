"""Where staff, their sessions and what is counted of them lie.

| item       | pk                          | sk                                      |
|------------|-----------------------------|-----------------------------------------|
| store      | T#{merchant}#STAFF          | STORE#{store}                           |
| till       | the same                    | TILL#{till}                             |
| person     | the same                    | PERSON#{staff}                          |
| API key    | the same                    | KEY#{key}: what its owner sees of it    |
| session    | T#{merchant}#SESSION        | {hash of the cookie}                    |
| approval   | T#{merchant}#APPROVAL#{id}  | APPROVAL                                |
| audit      | T#{merchant}#AUDIT          | {moment}#{id}                           |
| activation | ACTIVATION#{hash}           | ACTIVATION: its code names no merchant  |
| owner      | OWNER#{hash of the e-mail}  | OWNER: whoever signs in names none      |
| guesses    | GUESSES#{hash}              | GUESSES                                 |
"""

from chalicelib.adapters.dynamo.keys import Key, part

STORE, TILL, PERSON, API_KEY = "STORE#", "TILL#", "PERSON#", "KEY#"


def staff_pk(merchant_id: str) -> str:
    """Return the partition of a merchant's stores, tills, people and keys."""
    return f"T#{part(merchant_id)}#STAFF"


def staff_key(merchant_id: str, kind: str, thing_id: str) -> Key:
    """Return where a store, till, person or key lies."""
    return staff_pk(merchant_id), kind + part(thing_id)


def session_key(merchant_id: str, session_id: str) -> Key:
    """Return where a session lies."""
    return f"T#{part(merchant_id)}#SESSION", part(session_id)


def approval_key(merchant_id: str, approval_id: str) -> Key:
    """Return where an approval lies."""
    return f"T#{part(merchant_id)}#APPROVAL#{part(approval_id)}", "APPROVAL"


def audit_pk(merchant_id: str) -> str:
    """Return the partition of a merchant's audit log."""
    return f"T#{part(merchant_id)}#AUDIT"


def activation_key(code_hash: str) -> Key:
    """Return where an activation code lies."""
    return f"ACTIVATION#{part(code_hash)}", "ACTIVATION"


def owner_key(email_hash: str) -> Key:
    """Return where an owner lies."""
    return f"OWNER#{part(email_hash)}", "OWNER"


def guesses_key(subject: str) -> Key:
    """Return where the guesses at a subject are counted."""
    return f"GUESSES#{part(subject)}", "GUESSES"
