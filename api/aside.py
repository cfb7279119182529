"""What work done aside, by a process of its own, needs: a folder nobody else reads, files that appear whole, the process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ledger.errors import Unusable


def private_folder(subject: str) -> Path:
    """The folder for this subject of this user of the machine alone. Raises Unusable `store_unreachable` where somebody else
    has that name: names in a folder for everybody's temporary files can be taken by others first."""
    folder = Path(tempfile.gettempdir()) / f"nuanlin-{subject}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    told = folder.lstat()
    if folder.is_symlink() or told.st_uid != os.getuid() or told.st_mode & 0o077:
        raise Unusable("store_unreachable", reason=subject)
    return folder


def write_file(path: Path, data: bytes) -> None:
    """A file that appears whole: whoever reads finds the old or the new, never half of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(data)
    fresh.replace(path)


def process(module: str) -> subprocess.Popen[bytes]:
    """Our own interpreter running a module of ours, which is told its task by standard input, where no other process reads."""
    return subprocess.Popen(  # noqa: S603 - modules named in our own code; nothing of it comes from outside
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
