"""An administrator among the cast."""

from __future__ import annotations

import pytest

from api import tokens
from ledger.application import OPERATOR
from ledger.parties.commands import GrantRole, PersonWords, RegisterMember
from tests.pages.cast import LEDGER, Community


@pytest.fixture(scope="module", autouse=True)
def administrator(community: Community) -> None:
    """何主任 administers; 赵社工 does not, and 钱社工 only one courtyard."""
    he = RegisterMember(words=PersonWords(name="何主任"))
    community.do(OPERATOR, he)
    community.ids["he"] = he.member_id
    community.do(OPERATOR, GrantRole(holder=he.member_id, role="administrator"))
    yard = community.ids["yard"]
    community.do(OPERATOR, GrantRole(holder=community.ids["qian"], role="administrator", scope=yard))
    community.tokens["he"], _ = tokens.create(community.store, LEDGER, actor=he.member_id)
