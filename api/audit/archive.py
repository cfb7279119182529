"""A zip file whose bytes depend on nothing but its content: fixed dates, fixed rights, files in the order they are written."""

from __future__ import annotations

import contextlib
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, Self, TextIO

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first that a zip file can hold: nothing in it says when it was made."""
_RIGHTS = 0o644 << 16
_UNIX = 3
_BUFFER = 1 << 20


class Archive:
    """A zip file under way. `files`: name → SHA-256 and length of what was written so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.files: dict[str, dict[str, object]] = {}

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """One file of it, written piece by piece; it may be larger than 4 GiB."""
        info = zipfile.ZipInfo(name, _DATE)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _RIGHTS, _UNIX
        with self._zip.open(info, "w", force_zip64=True) as inside:
            counted = _Counted(inside)
            with io.BufferedWriter(counted, _BUFFER) as out:
                yield out
        self.files[name] = {"sha256": counted.digest.hexdigest(), "bytes": counted.written}

    @contextmanager
    def text(self, name: str) -> Iterator[TextIO]:
        """The same for text in UTF-8 with plain line ends."""
        with self.file(name) as out:
            text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
            yield text
            text.detach()

    def add(self, name: str, content: bytes) -> None:
        """A whole file at once."""
        with self.file(name) as out:
            out.write(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the list of contents; after a failure the file is given up, and only closed."""
        with contextlib.suppress(*([] if kind is None else [OSError, ValueError])):
            self._zip.close()


class _Counted(io.RawIOBase):
    """Passes bytes on and keeps their digest."""

    def __init__(self, inside: IO[bytes]) -> None:
        super().__init__()
        self._inside = inside
        self.digest, self.written = hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        piece = bytes(data)
        self.digest.update(piece)
        self._inside.write(piece)
        self.written += len(piece)
        return len(piece)
