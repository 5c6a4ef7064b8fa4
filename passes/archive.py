"""A zip file made of members that are prepared once and of members that change.

Members are stored, not compressed: PNGs do not shrink, and a pass has no time for it. All
carry the same date, so that equal content gives equal bytes.

Source: PKWARE, ".ZIP File Format Specification" (APPNOTE.TXT 6.3), 4.3.7, 4.3.12, 4.3.16,
read 2026-11.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_VERSION_NEEDED: Final = 10  # 1.0: stored files
_DATE_1980_01_01: Final = 0x0021  # the format's first day
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Archive:
    """Members so far: their headers and contents, their directory entries, how many."""

    members: bytes = b""
    directory: bytes = b""
    count: int = 0

    def adding(self, files: Iterable[tuple[str, bytes]]) -> "Archive":
        """Give a new archive with `files` (ASCII name, content) after the members so far."""
        members, directory, count = [self.members], [self.directory], self.count
        offset = len(self.members)
        for name, content in files:
            path = name.encode("ascii")
            crc, size = zlib.crc32(content), len(content)
            facts = (0, 0, 0, _DATE_1980_01_01, crc, size, size, len(path), 0)
            members += (_LOCAL.pack(b"PK\x03\x04", _VERSION_NEEDED, *facts), path, content)
            directory += (
                _CENTRAL.pack(
                    *(b"PK\x01\x02", _VERSION_NEEDED, _VERSION_NEEDED, *facts),
                    *(0, 0, 0, 0, offset),
                ),
                path,
            )
            offset += _LOCAL.size + len(path) + size
            count += 1
        return Archive(b"".join(members), b"".join(directory), count)

    def to_bytes(self) -> bytes:
        """Give the whole zip file."""
        end = _END.pack(
            *(b"PK\x05\x06", 0, 0, self.count, self.count),
            *(len(self.directory), len(self.members), 0),
        )
        return b"".join((self.members, self.directory, end))
