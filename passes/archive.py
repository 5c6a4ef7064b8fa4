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

_DATE_1980_01_01: Final = 0x0021  # the format's first day
# Signature, version 1.0 (stored files; in the directory also of the maker), no flags, stored.
_LOCAL_START: Final = struct.pack("<4s3H", b"PK\x03\x04", 10, 0, 0)
_CENTRAL_START: Final = struct.pack("<4s4H", b"PK\x01\x02", 10, 10, 0, 0)
_ZEROES: Final = bytes(12)  # no extra field, no comment, first disk, no attributes
_LOCAL: Final = struct.Struct("<10s2H3I2H")
_CENTRAL: Final = struct.Struct("<12s2H3IH12sI")
_END: Final = struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Archive:
    """Members so far: their headers and contents, their directory entries, how many."""

    members: bytes = b""
    directory: bytes = b""
    count: int = 0

    def adding(self, files: Iterable[tuple[str, bytes]]) -> "Archive":
        """Give a new archive with `files` (ASCII name, content) after the members so far."""
        members, directory = [self.members], [self.directory]
        _, count = self._add(files, members, directory)
        return Archive(b"".join(members), b"".join(directory), count)

    def closed(self, files: Iterable[tuple[str, bytes]]) -> bytes:
        """Give the whole zip file, `files` last: each byte is copied once."""
        pieces, directory = [self.members], [self.directory]
        start, count = self._add(files, pieces, directory)
        entries = b"".join(directory)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
        pieces += (entries, end)
        return b"".join(pieces)

    def _add(
        self, files: Iterable[tuple[str, bytes]], members: list[bytes], directory: list[bytes]
    ) -> tuple[int, int]:
        """Add pieces for each file; where the directory will start, and how many members."""
        offset, count = len(self.members), self.count
        for name, content in files:
            path, size = name.encode(), len(content)
            facts = (_DATE_1980_01_01, zlib.crc32(content), size, size, len(path))
            members += (_LOCAL.pack(_LOCAL_START, 0, *facts, 0), path, content)
            directory += (_CENTRAL.pack(_CENTRAL_START, 0, *facts, _ZEROES, offset), path)
            offset += _LOCAL.size + len(path) + size
            count += 1
        return offset, count
