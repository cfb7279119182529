"""The community with money of every kind in place of the usual one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pages.fund.purse import Purse


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Purse]:
    """The community 祥云社区 with its purse, filled once per module."""
    made = Purse(tmp_path_factory.mktemp("purse"))
    yield made
    made.store.close()
