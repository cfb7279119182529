"""Numbers on papers: read back as they were given, by this ledger alone, and found by nobody who does not have them."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.papers.codes import DAY_ZERO, PaperKind, Statement, number_of, statement_of
from ledger.vault import Vault
from ledger.vault_keys import rekey
from tests.house.stores import LEDGER, store_at

_KINDS: tuple[PaperKind, ...] = ("certificate", "plaque", "unit_year", "disclosure")
DAYS = st.dates(DAY_ZERO, date(2179, 6, 6))
COUNTS = st.integers(1, 2**40)
STATED = st.builds(
    Statement, kind=st.sampled_from(_KINDS), subject=COUNTS, position=COUNTS, day=DAYS, from_day=DAYS, until_day=DAYS
)
ONE = Statement(
    kind="certificate", subject=29, position=126, day=date(2026, 11, 23), from_day=date(2026, 11, 8),
    until_day=date(2026, 11, 22),
)  # fmt: skip


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """The vault of a new store."""
    folder = tmp_path_factory.mktemp("codes")
    with store_at(f"sqlite:///{folder / 'a.db'}", folder) as store:
        yield store.vault


@settings(max_examples=150, deadline=None)
@given(stated=STATED)
def test_a_number_says_what_it_was_given_for(vault: Vault, stated: Statement) -> None:
    number = number_of(vault, LEDGER, stated)
    assert statement_of(vault, LEDGER, number) == stated
    assert statement_of(vault, LEDGER, number.lower().replace("-", " ")) == stated
    assert statement_of(vault, LEDGER, number.replace("-", "").replace("0", "o").replace("1", "l")) == stated
    assert set(number) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")


def test_one_letter_otherwise_is_no_number_of_ours(vault: Vault) -> None:
    number = number_of(vault, LEDGER, ONE)
    for at, letter in enumerate(number):
        for other in "0A9Z":
            changed = number[:at] + other + number[at + 1 :]
            if other != letter and letter != "-":
                assert statement_of(vault, LEDGER, changed) is None


@settings(max_examples=200, deadline=None)
@given(typed=st.text(max_size=90))
def test_what_nobody_gave_is_none(vault: Vault, typed: str) -> None:
    assert statement_of(vault, LEDGER, typed) is None


def test_another_ledger_did_not_give_it(vault: Vault) -> None:
    assert statement_of(vault, "another", number_of(vault, LEDGER, ONE)) is None


def test_neighbouring_papers_have_nothing_in_common_to_count_on_with(vault: Vault) -> None:
    numbers = [
        number_of(vault, LEDGER, Statement(
            kind="certificate", subject=29 + step, position=126, day=ONE.day, from_day=ONE.from_day,
            until_day=ONE.until_day,
        ))
        for step in range(8)
    ]  # fmt: skip
    ends = {number.replace("-", "")[-12:] for number in numbers}
    assert len(ends) == len(numbers)
    assert all(
        statement_of(vault, LEDGER, first.replace("-", "")[:-13] + second.replace("-", "")[-13:]) is None
        for first, second in pairwise(numbers)
    )


def test_numbers_hold_after_a_restart_and_under_another_master_key(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with store_at(url, tmp_path) as store:
        number = number_of(store.vault, LEDGER, ONE)
    with store_at(url, tmp_path) as store:
        assert statement_of(store.vault, LEDGER, number) == ONE
        old, new = base64.b64decode((tmp_path / "vault.key").read_bytes()), os.urandom(32)
        rekey(store.vault.database, old, new)
    (tmp_path / "vault.key").write_bytes(base64.b64encode(new))
    with store_at(url, tmp_path) as store:
        assert statement_of(store.vault, LEDGER, number) == ONE


def test_another_installation_did_not_give_it(vault: Vault, tmp_path: Path) -> None:
    with store_at(f"sqlite:///{tmp_path / 'b.db'}", tmp_path) as other:
        assert statement_of(other.vault, LEDGER, number_of(vault, LEDGER, ONE)) is None
