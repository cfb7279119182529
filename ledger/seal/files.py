"""Files that are on the disk when the call returns, appear whole or not at all, and never take another one's place."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_new(path: Path, content: str, *, mode: int = 0o644) -> None:
    """A new file; raises FileExistsError where there is one. Killed at any moment, it leaves the whole file or none."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_through(draft, content, mode=mode)
    try:
        path.hardlink_to(draft)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def write_through(path: Path, content: str, *, mode: int = 0o644) -> None:
    """A new file whose content is on the disk; its name is only after `sync_folder`. Raises FileExistsError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode())
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
