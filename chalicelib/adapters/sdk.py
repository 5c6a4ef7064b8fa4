"""Sessions of the AWS SDK that share what it says of its services.

botocore reads the tables of all endpoints and of each service, megabytes of JSON, once for
every session: a tenth of a second that nobody needs to wait for twice. Credentials and
settings stay each session's own.
"""

from functools import cache

from botocore.loaders import Loader, create_loader
from botocore.session import Session, get_session


def new_session() -> Session:
    """Return a session."""
    session = get_session()
    share_tables(session)
    return session


def share_tables(session: Session) -> None:
    """Let a session that somebody else made read what the others have read."""
    session.register_component("data_loader", _tables())


@cache
def _tables() -> Loader:
    return create_loader()
