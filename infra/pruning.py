"""What dependencies ship that Lambda never reads: data of other services and languages.

botocore describes every service of AWS (16 MB zipped), Babel every language (10 MB); the
limit of a package is 50 MB. What is left out is named by what is kept, so that a service or
language used without being kept fails in the test that uses the package.
"""

import re
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

SERVICES: Final = ("dynamodb", "events", "kms", "secretsmanager", "sns", "sqs", "sts")
LANGUAGES: Final = ("en", "root", "ru")
_SERVICE = re.compile(r"botocore/data/([^/]+)/.")
_LANGUAGE = re.compile(r"babel/locale-data/([^/]+)\.dat")


def prune(package: Path) -> None:
    """Write the package anew without what nobody reads; the same content, the same bytes."""
    whole = package.with_suffix(".whole.zip")
    package.replace(whole)
    with ZipFile(whole) as source, ZipFile(package, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            if is_read(member.filename):
                target.writestr(member, source.read(member), ZIP_DEFLATED)
    whole.unlink()


def is_read(name: str) -> bool:
    """Return whether a file of the package may ever be read.

    >>> [is_read(f"botocore/data/{name}") for name in ("sqs/2012-11-05/x.json", "ec2/x.json")]
    [True, False]
    >>> [is_read(f"babel/locale-data/{name}.dat") for name in ("ru", "fr")]
    [True, False]
    """
    service, language = _SERVICE.match(name), _LANGUAGE.fullmatch(name)
    if service:
        return service[1] in SERVICES
    return not language or language[1] in LANGUAGES
