"""M5 双报到 and 结对子: party members report in at unit and community, units are paired with places.

建中街: 15 communities, 8 departments, 16 branches and 409 party members; services are ordered from a menu; persons, branches
and units claim; 139 micro-wishes and 273 problems are done, and each department hears of it once a quarter.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ledger.parties.commands import FormTeam, GrantRole, RegisterMember, RegisterUnit
from ledger.partners.commands import ReportIn, SendFeedback
from ledger.places.commands import AddPlace
from ledger.requests.commands import RecordPastRequest
from tests.mechanisms.entered import entered
from tests.mechanisms.street import FIRST_DAY, Street

COMMUNITIES, DEPARTMENTS, BRANCHES, MEMBERS, WISHES, PROBLEMS = 15, 8, 16, 409, 139, 273
MARCH = date(2026, 3, 20)
APRIL = date(2026, 4, 1)


class Town(NamedTuple):
    """Everybody of the story."""

    communities: list[str]
    departments: list[str]
    branches: list[str]
    members: list[str]


def _town(street: Street) -> Town:
    road = street.place("street", "建中街")
    places = [AddPlace(kind="community", name=f"社区 {n + 1}", parent=road) for n in range(COMMUNITIES)]
    communities = [fact.place_id for fact in entered(street, places)]
    units = [RegisterUnit(kind="public_institution", name=f"部门 {n + 1}") for n in range(DEPARTMENTS)]
    departments = [fact.unit_id for fact in entered(street, units)]
    teams = [
        FormTeam(kind="party_organisation", name=f"支部 {n + 1}", unit=departments[n % DEPARTMENTS])
        for n in range(BRANCHES)
    ]
    branches = [fact.team_id for fact in entered(street, teams)]
    people = [RegisterMember(party_member=True) for _ in range(MEMBERS)]
    members = [fact.member_id for fact in entered(street, people)]
    return Town(communities, departments, branches, members)


def _report_in(town: Town, number: int) -> ReportIn:
    branch = number % BRANCHES
    return ReportIn(
        member_id=town.members[number],
        unit=town.departments[branch % DEPARTMENTS],
        branch=town.branches[branch],
        place=town.communities[number % COMMUNITIES],
    )


def test_units_are_paired_and_members_report_at_unit_and_community(street: Street) -> None:
    worker, town = street.worker(), _town(street)
    pairings = [
        street.do("pair_unit", by=worker, unit=town.departments[n % DEPARTMENTS], place=community).ids["pairing_id"]
        for n, community in enumerate(town.communities)
    ]
    first = {"unit": town.departments[0], "place": town.communities[0]}
    street.refused("pair_unit", "already_paired", by=worker, **first)
    assert street.figure(f"unit_ties:{town.departments[0]}:paired") == 2
    street.do("end_pairing", by=worker, pairing_id=pairings[0], unit=town.departments[0], reason="term_over")
    street.do("pair_unit", by=worker, **first)

    someone = town.members[0]
    own = _report_in(town, 0)
    fields = {"member_id": someone, "unit": own.unit, "branch": own.branch, "place": own.place}
    report = street.do("report_in", by=someone, **fields).ids["report_id"]
    street.refused("report_in", "already_reported", by=someone, **fields)
    street.refused("report_in", "not_a_party_member", by=worker, **{**fields, "member_id": street.person("王阿姨")})
    street.refused("report_in", "not_allowed", by=someone, **{**fields, "member_id": town.members[1]})
    entered(street, [_report_in(town, number) for number in range(1, MEMBERS)])

    by_unit = street.see("unit_ties", by=worker)["unit_ties"]
    by_place = street.see("place_ties", by=worker)["place_ties"]
    assert (len(by_unit), sum(row["reported"] for row in by_unit)) == (DEPARTMENTS, MEMBERS)
    assert (len(by_place), sum(row["reported"] for row in by_place)) == (COMMUNITIES, MEMBERS)
    assert sum(row["paired"] for row in by_unit) == sum(row["paired"] for row in by_place) == COMMUNITIES
    branch = street.see("dual_reports", by=worker, branch=town.branches[0], limit=200)["dual_reports"]
    assert len(branch) == len(range(0, MEMBERS, BRANCHES))
    street.hidden("dual_reports", "not_for_your_roles", by=town.members[1])
    assert street.see("dual_report", by=someone, report_id=report)["place"] == own.place

    street.do("end_report", by=worker, member_id=someone, reason="moved")
    assert street.figure(f"unit_ties:{own.unit}:reported") == by_unit[0]["reported"] - 1


def test_residents_order_from_the_menu_and_the_unit_owes_it(street: Street) -> None:
    worker, lvyun, wang = street.worker(), street.unit("绿云物业"), street.person("王阿姨")
    li = street.speaker(lvyun)
    offer = {"unit": lvyun, "name": "上门修水管", "category": "生活服务", "at_once": 1}
    menu = street.do("offer_on_menu", by=li, **offer).ids["menu_id"]
    ask = {"menu_id": menu, "requester": wang, "words": {"title": "厨房水管漏水"}}
    street.refused("order_from_menu", "not_admitted", by=wang, **ask)
    street.do("admit_to_menu", by=worker, menu_id=menu)
    order = street.do("order_from_menu", by=wang, **ask).ids["request_id"]
    street.refused("order_from_menu", "menu_full", by=wang, **ask)
    street.refused("order_from_menu", "own_request", by=li, **{**ask, "requester": li})

    held = street.see("request", by=worker, request_id=order)
    assert (held["kind"], held["status"], held["claimant"]["id"]) == ("order", "claimed", lvyun)
    street.do("fulfil_request", by=li, request_id=order, claimant=lvyun)
    street.do("close_request", by=wang, request_id=order, requester=wang, score=5)
    again = street.do("order_from_menu", by=wang, **ask).ids["request_id"]
    street.do("withdraw_from_menu", by=li, menu_id=menu, reason="by_partner")
    street.refused("order_from_menu", "menu_withdrawn", by=wang, **ask)
    assert street.see("menu", unit=lvyun)["menu"][0]["orders"] == 2
    assert [row["request_id"] for row in street.see("menu_orders", by=worker)["menu_orders"]] == [order, again]


def test_persons_branches_and_units_claim_and_each_department_hears_of_it(street: Street) -> None:
    worker, town, wang = street.worker(), _town(street), street.person("王阿姨")
    entered(street, [_report_in(town, number) for number in range(MEMBERS)])
    leader, speaker = town.members[0], town.members[DEPARTMENTS]
    branch, department = town.branches[0], town.departments[0]
    entered(street, [GrantRole(holder=leader, role="team_leader", scope=branch),
                     GrantRole(holder=speaker, role="representative", scope=department)])  # fmt: skip
    claims = ((leader, leader), (leader, branch), (speaker, department))
    for who, claimant in claims:
        wish = street.do("post_request", by=wang, kind="wish", requester=wang, words={"title": "微心愿"})
        request = wish.ids["request_id"]
        street.do("publish_request", by=worker, request_id=request)
        street.do("claim_request", by=who, request_id=request, claimant=claimant)
        street.do("fulfil_request", by=who, request_id=request, claimant=claimant)
        street.do("close_request", by=wang, request_id=request, requester=wang, score=5)
    _book_of_before(street, town, WISHES - len(claims))
    assert street.figure("stats.requests.closed") == WISHES + PROBLEMS

    street.at(MARCH)
    quarter = {"unit": department, "year": 2026, "quarter": 1}
    street.refused("send_feedback", "quarter_not_over", by=worker, **quarter)
    street.at(APRIL)
    street.refused("send_feedback", "self_verification", by=_also_speaks(street, department), **quarter)
    street.do("send_feedback", by=worker, **quarter)
    entered(street, [SendFeedback(unit=unit, year=2026, quarter=1) for unit in town.departments[1:]])
    told = street.see("feedback_sheets", by=worker)["feedback_sheets"]
    assert len(told) == DEPARTMENTS
    assert sum(sheet["members"] for sheet in told) == MEMBERS
    done = ("member_requests", "branch_requests", "unit_requests")
    assert sum(sheet[name] for sheet in told for name in done) == WISHES + PROBLEMS
    street.hidden("feedback_sheets", "not_for_your_roles", by=wang)

    street.refused("send_feedback", "feedback_unchanged", by=worker, **quarter)
    session = street.do("deposit_session", by=worker, volunteer=leader, day="2026-03-31", minutes=90,
                        words={"activity": "楼道清洁"}).ids["session_id"]  # fmt: skip
    assert street.see("session", by=worker, session_id=session)["minutes"] == 90
    second = street.do("send_feedback", by=worker, **quarter).ids["feedback_id"]
    assert street.figure(f"feedback:{second}:minutes") == 90
    assert street.see("feedback_sheets", by=speaker, unit=department)["feedback_sheets"][0]["revision"] == 2


def _also_speaks(street: Street, unit: str) -> str:
    """A worker who represents the unit as well."""
    worker = street.worker("钱主任")
    entered(street, [GrantRole(holder=worker, role="representative", scope=unit)])
    return worker


def _book_of_before(street: Street, town: Town, wishes: int) -> None:
    """The other micro-wishes and the problems, from the book that was kept of them."""
    kinds = ["wish"] * wishes + ["order"] * PROBLEMS
    doers = [(town.members[n % MEMBERS], town.branches[n % BRANCHES], town.departments[n % DEPARTMENTS])[n % 3]
             for n in range(len(kinds))]  # fmt: skip
    past = [
        RecordPastRequest(kind=kind, day=FIRST_DAY, closed_on=FIRST_DAY, outcome="fulfilled", claimant=doer)  # type: ignore[arg-type]  # both are kinds
        for kind, doer in zip(kinds, doers, strict=True)
    ]
    entered(street, past)
