"""The problems of pass certificates; see `problems.py`."""

from chalicelib.api.problem import Problem

OF_PASSES = {
    "period_refused": Problem(
        400,
        "Period refused",
        "The days asked for are more than 92, or end before they begin.",
        "Ask for fewer days, and for the rest in another call.",
    ),
    "certificate_invalid": Problem(
        400,
        "Certificate invalid",
        "The certificate, its key and the identifiers cannot serve passes; nothing was kept.",
        "Correct the field that `errors` points at; docs/DEPLOY.md says how they are made.",
    ),
    "certificate_type_fixed": Problem(
        409,
        "Certificate of another pass type",
        "There is a certificate for another pass type, with passes of it on phones.",
        "Renew that one; or DELETE it first, which ends the updates of its passes.",
    ),
    "pass_type_taken": Problem(
        409,
        "Pass type taken",
        "The pass type is the operator's or another merchant's.",
        "Make a pass type of your own at Apple, and a certificate for it.",
    ),
}
