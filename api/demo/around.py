"""What else happens between neighbours: services for hours, kin and proxies, needs, the units' menu, issues, deals."""

from __future__ import annotations

from datetime import timedelta

from api.demo.data import life
from api.demo.organisations import Organisations
from api.demo.people import People, Staff
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.hours.commands import Note, ProposeKin, RegisterKin
from ledger.hours.facts import KinProposed
from ledger.parties.commands import RegisterProxy
from ledger.partners.commands import (
    AdmitToMenu,
    AnswerCall,
    CallDrill,
    OfferOnMenu,
    OrderFromMenu,
    PairUnit,
    PartnerNote,
    ReportIn,
    SendFeedback,
)
from ledger.partners.facts import DrillCalled, MenuOffered
from ledger.places.commands import AppointResponsible, ClassifyPlace, CountHouseholds
from ledger.requests.commands import (
    AddEvidence,
    AssignRequest,
    ContactRequester,
    PostRequest,
    PublishRequest,
    Remark,
    RequestWords,
)
from ledger.requests.facts import RequestPosted
from ledger.resources.commands import AcceptDeal, ListResource, ProposeDeal
from ledger.resources.facts import DealProposed, ResourceListed
from ledger.services.commands import (
    AdmitNeed,
    AskForNeed,
    DeclareService,
    GrantOpening,
    OpenNeedGroup,
    OpenSource,
    PerformService,
    ReserveService,
)
from ledger.services.facts import NeedAsked, NeedGroupOpened, ServiceDeclared, ServiceReserved, SourceOpened

_PAIRED, _REPORTED, _FED_BACK, _ANSWERED = 12, 40, 6, 5
_MOTHER = 2
"""The elder who is 王阿姨's mother: kin, and 王阿姨 acts for her."""


def found(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """Who answers for places, who is paired with whom, which party members report in."""
    admin, texts, near = staff["jiang"], life().call, people.neighbours
    duties: list[Keyed] = [
        ("duty:yard", AppointResponsible(
            place_id=places.courtyards[0].id, member_id=near["master"], office=texts["office_yard"]
        )),
        ("duty:building", AppointResponsible(
            place_id=places.buildings[0].id, member_id=near["han"], office=texts["office_building"]
        )),
    ]  # fmt: skip
    for i, yard in enumerate(places.courtyards):
        duties.append((f"homes:{i}", CountHouseholds(place_id=yard.id, households=5 if i == 0 else 120 + 17 * (i % 9))))
        if i % 3 == 0:
            duties.append((f"label:{i}", ClassifyPlace(place_id=yard.id, label=texts["label"])))
    for i, unit in enumerate(groups.spoken_for[:_PAIRED]):
        duties.append((f"pair:{i}", PairUnit(unit=unit.id, place=places.communities[i % len(places.communities)].id)))
    run.many(admin, duties)
    reports: list[Keyed] = [
        (f"report:{i}", ReportIn(
            member_id=member, unit=groups.departments[i % len(groups.departments)].id,
            place=places.communities[i % len(places.communities)].id,
        ))
        for i, member in enumerate(people.party[:_REPORTED])
    ]  # fmt: skip
    run.many(staff["zhao"], reports)


def complain(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """An issue that 绿云物业 has been told to see to; where days have been lived its day is over, and nothing came."""
    asked = PostRequest(
        kind="issue", requester=people.neighbours["li"], place=places.buildings[1].id,
        words=RequestWords(title=life().issues[0], detail=life().say["detail"]),
    )  # fmt: skip
    request_id = made(run.one(people.neighbours["li"], "issue:0", asked), RequestPosted).request_id
    run.one(staff["qian"], "issue:0:publish", PublishRequest(request_id=request_id))
    owner, due_day = groups.spoken_for[0].id, run.ago(2 if run.lived else -2)
    run.one(staff["qian"], "issue:0:assign", AssignRequest(request_id=request_id, owner=owner, due_day=due_day))
    spoken = ContactRequester(request_id=request_id, claimant=owner, words=Remark(remark=life().say["assigned"]))
    run.one(people.representatives[0], "issue:0:contact", spoken)
    shown = AddEvidence(request_id=request_id, party=people.neighbours["li"], sha256=f"{13:064x}")
    run.one(people.neighbours["li"], "issue:0:evidence", shown)


def fill(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """All that waits today."""
    _kin(run, staff, people)
    _issues(run, staff, places, people)
    _needs(run, staff, people)
    _menu(run, staff, groups, people)
    _deals(run, groups, people)
    _services(run, groups, people)


def _kin(run: Run, staff: Staff, people: People) -> None:
    near, mother = people.neighbours, people.elders[_MOTHER]
    run.one(staff["zhao"], "proxy:mother", RegisterProxy(principal=mother, proxy=near["wang"]))
    tie = ProposeKin(member=near["wang"], kin=mother, relation="parent")
    kin_id = made(run.one(near["wang"], "kin:mother", tie), KinProposed).kin_id
    run.one(staff["zhao"], "kin:mother:yes", RegisterKin(kin_id=kin_id, kin=mother))
    tie = ProposeKin(member=near["li"], kin=near["granddaughter"], relation="grandchild")
    kin_id = made(run.one(near["li"], "kin:li", tie), KinProposed).kin_id
    run.one(near["granddaughter"], "kin:li:yes", RegisterKin(kin_id=kin_id, kin=near["granddaughter"]))
    run.one(near["master"], "kin:master", ProposeKin(member=near["master"], kin=near["wang"], relation="sibling"))


def _issues(run: Run, staff: Staff, places: Places, people: People) -> None:
    """One waits to be looked at, one of 刘经理's to be given to somebody; and an order of 王阿姨's own."""
    for i, key in ((1, "wang"), (2, "liu")):
        member = people.neighbours[key]
        asked = PostRequest(
            kind="issue", requester=member, place=places.buildings[i].id, words=RequestWords(title=life().issues[i])
        )
        request_id = made(run.one(member, f"issue:{i}", asked), RequestPosted).request_id
        if i == 2:
            run.one(staff["qian"], "issue:2:publish", PublishRequest(request_id=request_id))
    wang = people.neighbours["wang"]
    own = PostRequest(
        kind="order", requester=wang, place=places.buildings[0].id, words=RequestWords(title=life().say["own_wish"])
    )
    run.one(wang, "order:wang", own)


def _needs(run: Run, staff: Staff, people: People) -> None:
    """A group whom the community helps first: one taken in and begun with hours, one whom a second person looks at."""
    texts, words = life().call, Note(remark=life().say["need"])
    opened = run.one(staff["jiang"], "group", OpenNeedGroup(name=texts["group"]))
    group = made(opened, NeedGroupOpened).group_id
    source = OpenSource(group_id=group, name=texts["source"], minutes=6_000, most_minutes=300)
    source_id = made(run.one(staff["jiang"], "source", source), SourceOpened).source_id
    for i in range(2):
        member = people.elders[40 + i]
        asked = run.one(staff["qian"], f"need:ask:{i}", AskForNeed(group_id=group, member=member, words=words))
        if not i:
            run.one(staff["sun"], f"need:admit:{i}", AdmitNeed(need_id=made(asked, NeedAsked).need_id))
            begun = GrantOpening(source_id=source_id, receiver=member, minutes=300)
            run.one(staff["sun"], f"need:open:{i}", begun)


def _menu(run: Run, staff: Staff, groups: Organisations, people: People) -> None:
    """Services that units put up for anybody to order, the sheets of last quarter, and a drill."""
    for i, (number, name) in enumerate(zip((8, 0, 24), life().menu, strict=True)):
        offered = OfferOnMenu(unit=groups.spoken_for[number].id, name=name, at_once=3)
        menu_id = made(run.one(people.representatives[number], f"menu:{i}", offered), MenuOffered).menu_id
        run.one(staff["qian"], f"menu:{i}:admit", AdmitToMenu(menu_id=menu_id))
        if not i:
            li = people.neighbours["li"]
            order = OrderFromMenu(menu_id=menu_id, requester=li, words=RequestWords(title=life().say["menu_order"]))
            run.one(li, "menu:order", order)
    months = run.today.year * 12 + run.today.month - 1
    year, quarter = divmod(months // 3 - 1, 4)
    sheets: list[Keyed] = [
        (f"feedback:{i}", SendFeedback(unit=unit.id, year=year, quarter=quarter + 1))
        for i, unit in enumerate([*groups.departments, *groups.spoken_for][:_FED_BACK])
    ]
    run.many(staff["qian"], sheets)
    drill = CallDrill(level="routine", words=PartnerNote(remark=life().say["drill"]))
    callout = made(run.one(staff["sun"], "drill", drill), DrillCalled).callout_id
    answers: list[Keyed] = [
        (f"drill:{i}", AnswerCall(callout_id=callout, unit=unit.id, people=2 + i))
        for i, unit in enumerate(groups.spoken_for[1 : 1 + _ANSWERED])
    ]
    run.many(staff["sun"], answers)


def _deals(run: Run, groups: Organisations, people: People) -> None:
    """Tables for who needs them; and a barter that 绿云物业 has been asked for."""
    texts, owner, mine = life().call, groups.spoken_for[9].id, groups.spoken_for[0].id
    tables = ListResource(owner=mine, kind="goods", item=texts["resource"], quantity=20)
    run.one(people.representatives[0], "resource:mine", tables)
    land = ListResource(owner=owner, kind="land", item=texts["land"], measure="sqm", quantity=60)
    resource = made(run.one(people.representatives[9], "resource:land", land), ResourceListed).resource_id
    for i, partner in enumerate((0, 11)):
        terms = ProposeDeal(
            resource_id=resource, quantity=20, partner=groups.spoken_for[partner].id, back_item=texts["back"],
            back_quantity=5, due_day=run.today + timedelta(days=30),
        )  # fmt: skip
        deal = made(run.one(people.representatives[9], f"deal:{i}", terms), DealProposed).deal_id
        if partner:
            said = AcceptDeal(deal_id=deal, side="partner")
            run.one(people.representatives[partner], f"deal:{i}:yes", said)


def _services(run: Run, groups: Organisations, people: People) -> None:
    """Services for hours: one done that 李奶奶 shall confirm, one reserved by 王阿姨, one for anybody."""
    near = people.neighbours
    offers = (
        (groups.spoken_for[7].id, people.representatives[7]),
        (groups.spoken_for[20].id, people.representatives[20]),
        (near["master"], near["master"]),
    )
    services = [
        made(
            run.one(by, f"service:{i}", DeclareService(provider=provider, name=name, charge="free", minutes=30)),
            ServiceDeclared,
        ).service_id
        for i, ((provider, by), name) in enumerate(zip(offers, life().services, strict=True))
    ]
    for i, member in enumerate((near["li"], near["wang"])):
        reserve = ReserveService(service_id=services[i], member=member, words=Note(remark=life().say["service_note"]))
        reservation = made(run.one(member, f"service:reserve:{i}", reserve), ServiceReserved).reservation_id
        if not i:
            start_at = run.at(run.ago(1), 9, 0)
            done = PerformService(reservation_id=reservation, start_at=start_at, end_at=run.at(run.ago(1), 9, 30))
            run.one(offers[i][1], "service:perform", done)
