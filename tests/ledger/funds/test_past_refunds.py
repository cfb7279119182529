"""Money of the past that went back to its donor, from a book that names no receipt: no more than is there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.errors import Conflict, NotFound, Refused
from ledger.funds.commands import ANONYMOUS, RecordPastRefund
from ledger.funds.facts import DonationRefunded
from tests.ledger.funds.cast import DONOR, FUND, OPEN, TREASURER, received
from tests.ledger.given import TODAY, given
from tests.ledger.sums import balances

DAY = date(2024, 3, 8)
BACK = RecordPastRefund(receipt_id="rcpt_back", fund="nuanxing", donor=DONOR, item="meals", amount_fen=50_00, day=DAY)
RICH = (*OPEN, received(100_00))


def ask(command: RecordPastRefund, *before: Any) -> Any:
    """The treasurer enters it."""
    return given(*(before or RICH)).when(command, actor=TREASURER, role="treasurer")


def test_it_leaves_the_item_and_is_the_donors_again() -> None:
    outcome = ask(BACK).then(
        DonationRefunded(
            receipt_id="rcpt_back", fund=FUND, donor=DONOR, item="meals", amount_fen=50_00, reason="bank_returned",
            refunded_by=TREASURER, day=DAY,
        )
    )  # fmt: skip
    assert balances([*RICH, *outcome.facts])[f"fund:{FUND}:meals", "fen"] == 50_00


def test_a_donor_whom_nobody_put_a_name_to_may_have_it_back() -> None:
    assert ask(replace(BACK, donor=ANONYMOUS)).fact.donor == ANONYMOUS


@pytest.mark.parametrize(
    ("command", "code", "kind"),
    [
        (replace(BACK, amount_fen=100_01), "insufficient_fund", Refused),
        (replace(BACK, item="clinic"), "insufficient_fund", Refused),
        (replace(BACK, item="other"), "no_such_item", NotFound),
        (replace(BACK, amount_fen=0), "not_positive", Refused),
        (replace(BACK, donor="mem_nobody"), "no_such_member", NotFound),
        (replace(BACK, day=TODAY + timedelta(days=1)), "implausible_date", Refused),
        (replace(BACK, receipt_id="rcpt_1"), "receipt_exists", Conflict),
    ],
)
def test_what_cannot_have_gone_back_is_refused(command: RecordPastRefund, code: str, kind: type) -> None:
    ask(command).refused(code, kind)
