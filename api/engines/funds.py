"""How the engine `funds` is reached: help cases, calls for proposals, disclosures, and every yuan followed both ways."""

from __future__ import annotations

from collections.abc import Callable

from api.engines.funds_reads import FIGURES as READ_FIGURES
from api.engines.funds_reads import READS as FUND_READS
from api.points import COLUMNS, sees_points
from api.reading import MONEY, Reads
from api.routes.asked import Asked
from api.routes.commands import Write
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from ledger.base import Command
from ledger.disclosures import commands as tell
from ledger.funds import commands as fund
from ledger.proposals import commands as propose
from projections.books.engines import funds_tables as t
from projections.reading import Cells

_GRANT = "/grants/{grant_id}"

WRITES: tuple[Write, ...] = (
    Write(
        "/donations/{receipt_id}/restriction-changes",
        fund.AskRestrictionChange,
        "funds",
        location="/restriction-changes/{change_id}",
    ),
    Write("/donations/{receipt_id}/decline-refund", fund.DeclineRefund, "funds"),
    Write("/funds/{fund}/items", fund.NameFundItem, "funds"),
    Write("/funds/{fund}/items/{item}/end", fund.EndFundItem, "funds"),
    Write("/restriction-changes/{change_id}/agree", fund.AgreeRestrictionChange, "funds", "change_id"),
    Write("/funds/{fund}/help-cases", fund.OpenHelpCase, "funds", location="/help-cases/{case_id}"),
    Write("/help-cases/{case_id}/close", fund.CloseHelpCase, "funds", "case_id"),
    Write("/funds/{fund}/close", fund.CloseFund, "funds"),
    Write("/funds/{fund}/calls", propose.OpenCall, "proposals", location="/calls-for-proposals/{call_id}"),
    Write(
        "/calls-for-proposals/{call_id}/proposals",
        propose.SubmitProposal,
        "proposals",
        location="/proposals/{proposal_id}",
    ),
    Write("/proposals/{proposal_id}/scores", propose.ScoreProposal, "proposals", "proposal_id"),
    Write("/proposals/{proposal_id}/award", propose.AwardProposal, "proposals", "proposal_id"),
    Write(_GRANT + "/report", propose.ReportMilestone, "proposals", "grant_id"),
    Write(_GRANT + "/accept", propose.AcceptMilestone, "proposals", "grant_id"),
    Write("/funds/{fund}/emergency", tell.DeclareEmergency, "disclosures"),
    Write("/funds/{fund}/disclosures", tell.PublishDisclosure, "disclosures", location="/disclosures/{disclosure_id}"),
    Write("/disclosures/{disclosure_id}/correct", tell.CorrectDisclosure, "disclosures", "disclosure_id"),
)

_PUBLIC = Reads(public=True)


def _points_are_closed(asked: Asked, row: Cells) -> bool:
    """While judges are still at it; the list is not in the order of points either."""
    view = asked.store.application.view(asked.ledger)
    return not sees_points(view, row["proposal_id"], asked.caller.actor, asked.caller.holds)


SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="help_cases",
        one="help_case",
        table=t.help_cases,
        tag="funds",
        reads=Reads(roles=MONEY, own="who is helped"),
        about="Cases of targeted help, each with an item of its fund of its own.",
        own=("beneficiary",),
        parties=("beneficiary", "opened_by", "closed_by"),
        words=("words",),
        filters=("fund", "status", "beneficiary"),
        missing="no_such_case",
    ),
    Shelf(
        name="restriction_changes",
        one="restriction_change",
        table=t.restriction_changes,
        tag="funds",
        reads=Reads(roles=MONEY, own="the donor"),
        about="Money that donors were asked to let be spent on something else.",
        own=("donor",),
        parties=("donor", "asked_by", "agreed_by"),
        filters=("fund", "donor", "status"),
        missing="no_such_change",
    ),
    Shelf(
        name="refunds",
        one="refund",
        table=t.refunds,
        tag="funds",
        reads=Reads(roles=MONEY, own="the donor"),
        about="Refunds that were asked for and what became of them; the newest first.",
        own=("donor",),
        parties=("donor", "asked_by", "decided_by"),
        filters=("fund", "donor", "status"),
        order=(("number", True),),
        missing="no_such_receipt",
    ),
    Shelf(
        name="fund_item_changes",
        one="fund_item_change",
        table=t.fund_item_changes,
        tag="funds",
        reads=_PUBLIC,
        about="Service items that funds were given, renamed or ended since they were opened.",
        parties=("changed_by",),
        filters=("fund", "item"),
        order=(("number", True),),
    ),
    Shelf(
        name="calls_for_proposals",
        one="call_for_proposals",
        table=t.calls_for_proposals,
        tag="proposals",
        reads=_PUBLIC,
        about="Calls for proposals, with judges and criteria.",
        parties=("opened_by",),
        lists=("judges", "criteria"),
        filters=("fund",),
    ),
    Shelf(
        name="proposals",
        one="proposal",
        table=t.proposals,
        tag="proposals",
        reads=_PUBLIC,
        about="Proposals with their points, null until all judges gave theirs; each judge's are the entries of the figure.",
        own=("applicant",),
        parties=("applicant", "submitted_by", "approver"),
        words=("words",),
        filters=("call_id", "applicant", "status"),
        veil=(COLUMNS, _points_are_closed),
    ),
    Shelf(
        name="milestones",
        one="milestone",
        table=t.milestones,
        tag="proposals",
        reads=_PUBLIC,
        about="What has to be reached before the grants of proposals are paid.",
        own=("applicant",),
        parties=("applicant", "reported_by", "accepted_by"),
        words=("words",),
        lists=("evidence",),
        filters=("proposal_id", "status"),
    ),
    Shelf(
        name="disclosures",
        one="disclosure",
        table=t.disclosures,
        tag="disclosures",
        reads=_PUBLIC,
        about="What funds told of their money, with corrections; the newest first.",
        parties=("published_by", "corrected_by"),
        filters=("fund", "kind"),
        order=(("number", True),),
    ),
    Shelf(
        name="disclosure_items",
        one="disclosure_item",
        table=t.disclosure_items,
        tag="disclosures",
        reads=_PUBLIC,
        about="The figures of disclosures by service item.",
        filters=("disclosure_id", "item"),
        order=(("number", False), ("disclosed_id", False)),
    ),
    Shelf(
        name="lots",
        one="lot",
        table=t.lots,
        tag="funds",
        reads=_PUBLIC,
        about="Money as it waits for its turn under a service item: first in, first out.",
        filters=("receipt_id", "fund", "item"),
        hidden=("following", "allocated"),
        order=(("number", False), ("lot_id", False)),
    ),
    Shelf(
        name="allocations",
        one="allocation",
        table=t.allocations,
        tag="funds",
        reads=_PUBLIC,
        about="What each payment took out of which donation.",
        filters=("receipt_id", "grant_id", "fund"),
        hidden=("before",),
        order=(("number", False), ("allocation_id", False)),
    ),
)

READS: tuple[Read, ...] = FUND_READS

FIGURES: dict[str, dict[str, str]] = READ_FIGURES

DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = ()
"""Nothing comes due by itself: whoever handles the money discloses, and `disclosures_due` says who has not."""
