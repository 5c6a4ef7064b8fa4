"""The lines of our own log that somebody must look at; alarms.py counts them.

A message that ends in `*` stands for every line that begins so.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line of the log that is an alarm; the code that writes it has the same words."""

    name: str
    message: str  # `*` at its end: whatever follows
    by: tuple[str, ...]  # functions that write it
    says: str


SAID = (
    Said(
        name="PushRefused",
        message="push refused",
        by=("Relay", "Sweep", "Work"),
        says="Apple refused a push: our certificate or our request is wrong",
    ),
    Said(
        name="PushesStuck",
        message="passes could not be pushed now",
        by=("Relay",),
        says="Passes of a batch could not be pushed: a bug, or the table; the sweep does it",
    ),
    Said(
        name="GoogleRefused",
        message="google refused",
        by=("APIHandler", "Relay", "Sweep"),
        says="Google refused a card: our account, our issuer or our body is wrong",
    ),
    Said(
        name="ObjectStuck",
        message="objects could not be sent now*",
        by=("Relay", "Sweep"),
        says="A card could not be made or sent for Google: a bug, or the table; it is retried",
    ),
    Said(
        name="OutboxStuck",
        message="what follows an entry could not be posted now",
        by=("Relay", "Sweep"),
        says="What a member's change owes others could not be posted; it is retried",
    ),
    Said(
        name="LinkUnsent",
        message="a link to a new member was not promised",
        by=("APIHandler",),
        says="The table was too busy for the link that confirms a new member's phone",
    ),
    Said(
        name="PrefixBlocked",
        message="prefix blocked: its codes are not used",
        by=("APIHandler",),
        says="Codes to a prefix of phone numbers are not used: somebody pumps SMS",
    ),
    Said(
        name="PassTrouble",
        message="a phone reports trouble with a pass",
        by=("APIHandler",),
        says="A phone cannot read or update a pass",
    ),
    Said(
        name="CertificateExpiring",
        message="pass certificate expires",
        by=("Tick",),
        says="A pass certificate ends in 30 or 7 days: passes could be neither made nor told",
    ),
    Said(
        name="CertificateUnusable",
        message="pass certificate unusable",
        by=("Relay", "Sweep", "Work"),
        says="A merchant's own pass certificate is not in the secret store as it should be",
    ),
    Said(
        name="CertificatesUnseen",
        message="pass certificates could not be looked at",
        by=("Tick",),
        says="Nobody would be told of a pass certificate that ends",
    ),
    Said(
        name="JobFailed",
        message="scheduled work failed*",
        by=("Work",),
        says="A member's or a merchant's scheduled work failed; it stays due",
    ),
    Said(
        name="ProgramUnreadable",
        message="program cannot be read",
        by=("Tick",),
        says="A merchant's program cannot be read: its day does not begin",
    ),
)
