"""The server as a process: where it listens, what it prints, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli.frame import Frame
from api.cli.serving import announce
from tests.cli.story import LEDGER, NOON, Clock, Shell, opened
from tests.house.means import ROOT


@contextmanager
def serving(store: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server on a free port, and its address as it printed it; killed at the end if it is still there."""
    command = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]
    given = ["--db", str(store), "--ledger", LEDGER, "--json", "serve", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUANLIN_LANG": "en"}
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, *given], env=environment, stdout=pipe, stderr=pipe, text=True) as server:
        try:
            assert server.stdout is not None
            yield server, json.loads(server.stdout.readline())["address"]
        finally:
            if server.poll() is None:
                server.kill()


@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_serves_on_this_machine_until_it_is_told_to_end(community: Path, end: signal.Signals, code: int) -> None:
    with serving(community) as (server, address):
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}/api/health", timeout=30) as answer:
            assert json.load(answer) == {"status": "ok", "ledgers": 1}
        server.send_signal(end)
        out, err = server.communicate(timeout=30)
    assert (server.returncode, out, err) == (code, "", "")


@pytest.mark.parametrize(
    ("host", "warned"),
    [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True), ("192.0.2.7", True), ("::", True)],
)
def test_an_address_that_others_can_reach_comes_with_a_warning(
    community: Path, capsys: pytest.CaptureFixture[str], host: str, warned: bool
) -> None:
    with opened(community, Clock(NOON)) as store:
        announce(Frame("en"), store, host, 8000)
    out, err = capsys.readouterr()
    assert f"{host}:8000" in out.replace("[", "").replace("]", "")
    assert ("other machines" in err) is warned


@pytest.mark.parametrize(
    ("host", "address", "warned"),
    [("0.0.0.0", "", 1), ("0.0.0.0", "https://nuanlin.example", 0), ("127.0.0.1", "", 0)],
)
def test_whoever_serves_others_without_an_address_is_told_once(
    community: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    host: str, address: str, warned: int,
) -> None:  # fmt: skip
    monkeypatch.setenv("NUANLIN_ADDRESS", address)
    with opened(community, Clock(NOON)) as store:
        announce(Frame("en"), store, host, 8000)
    assert capsys.readouterr().err.count("NUANLIN_ADDRESS") == warned


def test_a_server_refuses_names_that_nobody_gave_it(community: Path) -> None:
    with serving(community) as (_, address):
        asked = urllib.request.Request(f"{address}/api/health", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=30)
        assert refused.value.code == 400
        refused.value.close()


def test_an_empty_store_is_served_with_a_hint_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(tmp_path / "empty.db", Clock(NOON)) as store:
        announce(Frame("en"), store, "127.0.0.1", 8000)
    assert "nuanlin demo" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_sentence(nuanlin: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = nuanlin("serve", "--port", str(taken.getsockname()[1]))
    assert (answer.code, answer.out) == (1, "")
    assert "already listening" in answer.err
    assert answer.err.count("\n") == 1
