"""The special fund 暖兴: 470,000.00 yuan from 52 units over 13 service items, spent past three pairs of eyes.

There is no refund in it, so that what came in is the seed's figure however one counts; one payment came back in part.
"""

from __future__ import annotations

from typing import NamedTuple

from api.demo.data import FundList, ItemEntry, choose, draw, load, person_name
from api.demo.organisations import Organisations
from api.demo.people import People, Staff
from api.demo.run import Keyed, Run, made
from ledger.funds.commands import (
    ApproveGrant,
    CancelGrant,
    DeclineGrant,
    DonationWords,
    GrantWords,
    OpenFund,
    PayGrant,
    PledgeDonation,
    ProposeGrant,
    ReceiveDonation,
    RecordPastSpending,
    ReturnPayment,
    ServiceItem,
)
from ledger.funds.facts import DonationPledged, DonationReceived, GrantProposed

FUND = "nuanxing"
RECEIVED_FEN = 47_000_000
DONORS = 52
_GIVING_KINDS = ("property_service", "enterprise", "social_organisation")
"""Between them these kinds have the 52 units that the seed counts."""
_PLEDGED_BEFORE = (0, 17, 34)
"""These donations had been promised first."""
_PAST_SHARES = (12, 9, 15)
"""Hundredths of an item's sum that were paid in the past, a quarter apart."""
_LIVE_SHARE = 5

_PAID, _APPROVED, _PROPOSED = 4, 3, 4
"""Of the grants proposed today; then one declined and one cancelled: one for each item."""


class _Eyes(NamedTuple):
    """Who proposes, approves and pays: never one person twice."""

    run: Run
    staff: Staff

    def approver(self, number: int) -> str:
        """A member of the committee."""
        return self.staff.committee[number % len(self.staff.committee)]


def begin(run: Run, staff: Staff, groups: Organisations) -> str:
    """Open the fund, receive the donations, enter past spendings but for the last of them; gives the first receipt."""
    texts = load("fund", FundList)
    run.one(
        staff["an"], "fund",
        OpenFund(
            slug=FUND, name=texts.name, purpose=texts.purpose, host_charity=texts.host_charity,
            committee=tuple(staff.committee), supervisor=staff["shen"],
            items=tuple(ServiceItem(code=item.code, name=item.name) for item in texts.items),
        ),
    )  # fmt: skip
    receipt = _receive(run, staff, groups)
    run.many(staff["chu"], past_spendings(run, staff)[:-1])
    return receipt


def fill(run: Run, staff: Staff, people: People) -> None:
    """Leave grants in every state."""
    _grant_today(_Eyes(run, staff), load("fund", FundList), people)


def _receive(run: Run, staff: Staff, groups: Organisations) -> str:
    texts, treasurer = load("fund", FundList), staff["chu"]
    sums = [(item.code, yuan * 100) for item in texts.items for yuan in item.yuan]
    givers = groups.of_kind(*_GIVING_KINDS)
    assert len(givers) == len(sums) == DONORS
    assert sum(fen for _code, fen in sums) == RECEIVED_FEN
    pledges: list[Keyed] = [
        (f"pledge:{i}", PledgeDonation(fund=FUND, donor=givers[i].id, item=sums[i][0], amount_fen=sums[i][1]))
        for i in _PLEDGED_BEFORE
    ]
    # Two promises of next year's money: nothing of them is in the fund.
    pledges += [
        (f"pledge:open:{i}", PledgeDonation(
            fund=FUND, donor=givers[i].id, item=sums[i][0], amount_fen=sums[i][1] // 2,
            words=DonationWords(message=texts.pledge_message),
        ))
        for i in (1, 20)
    ]  # fmt: skip
    promised = [made(answer, DonationPledged).pledge_id for answer in run.many(treasurer, pledges)]
    kept = dict(zip(_PLEDGED_BEFORE, promised, strict=False))
    receipts: list[Keyed] = [
        (
            f"receipt:{i}",
            ReceiveDonation(
                fund=FUND, donor=giver.id, item=item, amount_fen=amount_fen, day=run.ago(360 - 2 * i),
                method="cash" if amount_fen <= 200_000 else "transfer", named=i % 9 != 4, receipt_waived=i % 13 == 12,
                pledge_id=kept.get(i),
            ),
        )
        for i, (giver, (item, amount_fen)) in enumerate(zip(givers, sums, strict=True))
    ]  # fmt: skip
    return made(run.many(treasurer, receipts)[0], DonationReceived).receipt_id


def _share(item: ItemEntry, hundredths: int) -> int:
    """That part of an item's sum in fen, in whole yuan."""
    return sum(item.yuan) * hundredths // 100 * 100


def _words(texts: FundList, item: ItemEntry, batch: int) -> GrantWords:
    who = f"{choose(texts.payees, item.code, batch)} {person_name(850 + draw(item.code, batch) % 700)}"
    return GrantWords(payee=who, purpose=texts.purpose_of_grant.format(item=item.name, number=batch))


def past_spendings(run: Run, staff: Staff) -> list[Keyed]:
    """What an older book says of each item: three payments, a quarter apart. The last of them turns up late."""
    eyes, texts = _Eyes(run, staff), load("fund", FundList)
    past: list[Keyed] = []
    for i, item in enumerate(texts.items):
        for quarter, hundredths in enumerate(_PAST_SHARES):
            spent = RecordPastSpending(
                fund=FUND, item=item.code, category=item.name, amount_fen=_share(item, hundredths),
                day=run.ago(230 - 80 * quarter - i), proposer=staff["zhao" if i % 2 else "qian"],
                approver=eyes.approver(i + quarter), payer=staff["chu"], words=_words(texts, item, quarter + 1),
            )  # fmt: skip
            past.append((f"spent:{item.code}:{quarter}", spent))
    return past


def _grant_today(eyes: _Eyes, texts: FundList, people: People) -> None:
    """One proposal for each item: paid, approved, waiting, declined, cancelled."""
    run, staff = eyes.run, eyes.staff
    proposals: list[Keyed] = [
        (f"grant:{item.code}", ProposeGrant(
            fund=FUND, item=item.code, category=item.name, amount_fen=_share(item, _LIVE_SHARE),
            payee=people.elders[20 + i] if i % 2 else None, words=_words(texts, item, len(_PAST_SHARES) + 1),
        ))
        for i, item in enumerate(texts.items)
    ]  # fmt: skip
    grants = [made(answer, GrantProposed) for answer in run.many(staff["zhao"], proposals)]
    settled = _PAID + _APPROVED
    judged, left = grants[:settled], grants[settled + _PROPOSED :]
    declined, cancelled = left
    for i, grant in enumerate([*judged, cancelled]):
        run.one(eyes.approver(i), f"grant:{grant.item}:approve", ApproveGrant(grant_id=grant.grant_id))
    refusal = DeclineGrant(grant_id=declined.grant_id, reason="no_evidence")
    run.one(eyes.approver(0), f"grant:{declined.item}:decline", refusal)
    treasurer = staff["chu"]
    run.one(treasurer, f"grant:{cancelled.item}:cancel", CancelGrant(grant_id=cancelled.grant_id, reason="not_needed"))
    run.many(treasurer, [(f"grant:{one.item}:pay", PayGrant(grant_id=one.grant_id)) for one in judged[:_PAID]])
    first = judged[0]
    back = ReturnPayment(grant_id=first.grant_id, amount_fen=40_000, reason="not_used")
    run.one(treasurer, f"grant:{first.item}:return", back)
