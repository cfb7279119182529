"""Every read of the API, asked for by everybody on a simulated street: who is shown what is as the table of rights says.

What somebody may not know exists is answered word for word as what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api import tokens
from api.app import create_app
from api.endpoints import READS, WRITES
from api.engines import SHELVES
from api.reading import ON_THE_BOARD
from api.routes.reads import Read
from api.routes.writes import parameters
from api.simulation.life import live
from api.store import Store
from ledger.clock import day_of, system_clock
from ledger.ids import prefix_of
from ledger.journal.tables import metadata
from ledger.parties.commands import GrantRole, RegisterMember, RegisterUnit, RoleName
from ledger.places.commands import AddPlace
from ledger.requests.commands import PostRequest, RequestWords
from ledger.rights_table import OFFICE, RIGHTS
from ledger.whereabouts import place_of
from projections.reading import Cells
from tests.api.house import Caller, House
from tests.api.test_writing_rights import sent
from tests.house.stores import LEDGER, settings_for

PEOPLE, DAYS, SEED = 200, 60, 7
ROLES: tuple[RoleName, ...] = (
    "community_worker", "administrator", "treasurer", "committee_member", "host_charity", "auditor",
)  # fmt: skip
KEYS = {shelf.one: (shelf.table.name, shelf.key) for shelf in SHELVES}
TABLES = {
    "member_id": "members", "session_id": "sessions", "request_id": "requests", "certificate_id": "certificates",
    "unit_id": "units", "agreement_id": "agreements", "callout_id": "callouts", "receipt_id": "receipts",
    "grant_id": "grants", "shift_id": "shifts", "appraisal_id": "appraisals",
}  # fmt: skip
QUERIES = {
    "consistency": "?from=1&to=2", "diff": "?from=5&to=9", "diff_accounts": "?from=5&to=9",
    "diff_requests": "?from=5&to=9", "diff_ranking": "?from=5&to=9&measure=volunteer_minutes",
    "ranking_explained": "?measure=volunteer_minutes&subject={member_id}", "rankings": "?measure=volunteer_minutes",
    "policy_preview": "?name=requests.lease_days&value=7&from_day={today}", "suggestions": "?request_id={request_id}",
    "missing_projects": "?year=2026",
}  # fmt: skip
"""What a read must be asked with."""
KNOWN_OF = {"shift_code"}
"""Reads about something that everybody knows of: who may not have them is told so (403), and not that it is not there."""
UNMADE = "{}_0000nowhere"


class Town:
    """The street with somebody of every kind who has nothing to do with anything on it."""

    def __init__(self, store: Store) -> None:
        self.house = House(store, create_app(store))
        self.store = store
        self.holders = {role: self.somebody(role) for role in ROLES}
        self.stranger = self.somebody()
        unit = self.do(RegisterUnit(kind="enterprise", name="绿云物业")).unit_id
        self.speaker = self.somebody("representative", unit)
        self.owner = self.somebody()
        words = RequestWords(title="修灯")
        self.hidden = self.do(PostRequest(kind="wish", requester=self.owner.actor, words=words)).request_id

    def do(self, command: Any) -> Any:
        """A command by the operator; gives its first fact."""
        return self.house.operate(command).facts[0]

    def somebody(self, role: RoleName | None = None, scope: str = "") -> Caller:
        """A new member, who may hold a role."""
        member = self.do(RegisterMember()).member_id
        if role is not None:
            self.do(GrantRole(holder=member, role=role, scope=scope))
        token, actor = tokens.create(self.store, LEDGER, actor=member)
        return Caller(self.house.app, token, actor)

    def rows(self, table: str, limit: int = 1) -> list[Cells]:
        """Some rows of a table."""
        found = metadata.tables[table]
        with self.store.database.engine.connect() as connection:
            rows = connection.execute(select(found).where(found.c.ledger == LEDGER).limit(limit))
            return [dict(row._mapping) for row in rows]

    def ids(self, read: Read) -> dict[str, str]:
        """What fills the path of a read, and its query: ids of the street, of people rather than of nobody."""
        found = {name: self.id_of(name) for name in TABLES} | {"today": date.today().isoformat()}
        found |= {"fund": "nuanxing", "level": "0", "tile": "000", "position": "3", "party": found["member_id"]}
        found |= {"account": f"hours:{found['member_id']}", "figure": f"member:{found['member_id']}:lifetime"}
        if read.name == "request":
            found["request_id"] = self.hidden
        if read.name in KEYS:
            table, key = KEYS[read.name]
            rows = self.rows(table)
            found[key] = str(rows[0][key]) if rows else UNMADE.format(key)
        return found

    def id_of(self, name: str) -> str:
        """The id of the first of a kind."""
        rows = self.rows(TABLES[name])
        return str(rows[0][name]) if rows else UNMADE.format("x")

    def address(self, read: Read, **changed: str) -> str:
        """A read's path and query, filled."""
        return (read.path + QUERIES.get(read.name, "")).format(**{**self.ids(read), **changed})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two months of a street, lived once for all reads."""
    folder: Path = tmp_path_factory.mktemp("town")
    settings = settings_for(f"sqlite:///{folder / 'street.db'}", folder)
    began = day_of(system_clock()) - timedelta(days=DAYS)
    live(settings, LEDGER, people=PEOPLE, days=DAYS, seed=SEED, began=began, rules=False)
    with Store.open(settings) as store:
        made = Town(store)
        store.catch_up(LEDGER)
        store.sealer.catch_up(LEDGER, force_checkpoint=True)
        yield made


def entitled(read: Read, role: str) -> bool:
    """Whether holders of a role are shown all of it."""
    return (read.rights.public and not read.rights.own) or role in read.rights.roles


def refused(read: Read, town: Town) -> bool:
    """Whether what the read is asked for here is nothing for people who hold no role."""
    return not read.rights.public or read.name in ("request", "account_statement", "why_figure", "ranking_explained")


def single(read: Read) -> bool:
    """Whether it is about one thing that may be private."""
    return bool(parameters(read.path)) and bool(read.rights.own) and read.name not in KNOWN_OF


def test_who_is_not_signed_in_reads_what_is_public_and_is_asked_to_sign_in_for_the_rest(town: Town) -> None:
    found = {}
    for read in READS:
        answer = town.house.anybody.get(town.address(read))
        hides = read.rights.public and refused(read, town)
        wanted = (404,) if hides else (200, 404) if read.rights.public else (401,)
        if answer.status_code not in wanted:
            found[read.name] = answer.status_code
    assert found == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_shown_what_its_rows_say(town: Town, role: RoleName) -> None:
    caller, found, shown = town.holders[role], {}, 0
    for read in READS:
        answer = caller.get(town.address(read))
        if entitled(read, role):
            # Not everything has happened on the street; what did is shown.
            wanted: tuple[int, ...] = (200, 404)
            shown += answer.status_code == 200
        else:
            wanted = wanted_without(read, town)
        if answer.status_code not in wanted:
            found[read.name] = (answer.status_code, answer.text[:80])
    assert found == {}
    assert shown > 60


def wanted_without(read: Read, town: Town) -> tuple[int, ...]:
    """What somebody is answered who holds no role of the row and whose own it is not."""
    if single(read) and refused(read, town):
        return (404,)
    if read.rights.public:
        return (200, 404)
    if read.rights.own and read.name not in KNOWN_OF:
        # A list of theirs alone is asked for by a filter; without one it is refused, or theirs, which is empty.
        return (200, 403) if read.name == "claims" else (403,)
    return (403,)


@pytest.mark.parametrize("who", ["stranger", "speaker"])
def test_who_holds_no_role_is_refused_lists_and_told_nothing_of_single_things(town: Town, who: str) -> None:
    caller: Caller = getattr(town, who)
    found = {}
    for read in READS:
        held = who == "speaker" and "representative" in read.rights.roles
        wanted = (200, 404) if held else wanted_without(read, town)
        answer = caller.get(town.address(read))
        if answer.status_code not in wanted:
            found[read.name] = (answer.status_code, answer.text[:80])
    assert found == {}


def test_what_somebody_may_not_know_is_answered_word_for_word_as_what_does_not_exist(town: Town) -> None:
    found, looked = {}, 0
    for read in READS:
        last = (parameters(read.path) or ("",))[-1]
        if not single(read) or not refused(read, town) or last == "position":
            continue
        there = town.ids(read)[last]
        nowhere = there.replace(town.id_of("member_id"), "mem_nobody") if last in ("account", "figure") else ""
        nowhere = nowhere or UNMADE.format(prefix_of(there))
        private = town.stranger.get(town.address(read))
        unknown = town.stranger.get(town.address(read, **{last: nowhere}))
        looked += 1
        if (private.status_code, private.text.replace(there, nowhere)) != (unknown.status_code, unknown.text):
            found[read.name] = (private.text, unknown.text)
    assert found == {}
    assert looked > 20


def test_the_owner_reads_what_is_theirs(town: Town) -> None:
    mine = {"member_id": town.owner.actor, "party": town.owner.actor, "account": f"hours:{town.owner.actor}"}
    names = ("member", "member_statement", "reservations", "member_data", "integrity", "account_statement")
    found = {read.name: town.owner.get(town.address(read, **mine)).status_code for read in READS if read.name in names}

    assert found == dict.fromkeys(names, 200)
    assert town.owner.get(f"/requests/{town.hidden}").status_code == 200


def placed(town: Town) -> Iterator[tuple[Read, Cells, str]]:
    """Single reads for people in charge, each with a row of the street that has a place."""
    view = town.store.application.view(LEDGER)
    for shelf in SHELVES:
        read = next(one for one in READS if one.name == shelf.one)
        if shelf.reads.public or not shelf.reads.roles & OFFICE:
            continue
        for row in town.rows(shelf.table.name, 40):
            at = next((p for one in (row.get("place"), row[shelf.key]) if (p := place_of(view, one)) is not None), None)
            if at is not None:
                yield read, row, at
                break


def test_a_worker_for_one_place_reads_what_is_there_and_nothing_of_elsewhere(town: Town) -> None:
    nobody_lives_here = town.do(AddPlace(kind="community", name="荣昌")).place_id
    elsewhere = town.somebody("community_worker", nobody_lives_here)
    found, looked = {}, 0
    keepers: dict[str, Caller] = {}
    for read, row, at in placed(town):
        keeper = keepers.setdefault(at, town.somebody("community_worker", at))
        address = town.address(read, **{KEYS[read.name][1]: str(row[KEYS[read.name][1]])})
        answers = (keeper.get(address).status_code, elsewhere.get(address).status_code)
        looked += 1
        if answers not in ((200, 404), (200, 403)):
            found[read.name] = answers
    assert found == {}
    assert looked > 8


def test_a_worker_for_one_place_lists_its_members_by_name_and_no_others(town: Town) -> None:
    view = town.store.application.view(LEDGER)
    member = next(row for row in town.rows("members", 40) if row["place"])
    keeper = town.somebody("community_worker", member["place"])
    other = next(row for row in town.rows("members", 40) if row["place"] and row["place"] != member["place"])

    assert keeper.get(f"/members?place={member['place']}").status_code == 200
    assert keeper.get(f"/members/{member['member_id']}").status_code == 200
    assert keeper.get(f"/members?place={other['place']}").status_code == 403
    assert keeper.get(f"/members/{other['member_id']}").status_code == 404
    assert keeper.get("/members").status_code == 403
    assert place_of(view, member["member_id"]) == member["place"]


def test_what_was_never_on_the_board_is_seen_by_no_more_than_the_row_says(town: Town) -> None:
    assert "posted" not in ON_THE_BOARD
    assert town.holders["community_worker"].get(f"/requests/{town.hidden}").status_code == 200
    assert town.holders["treasurer"].get(f"/requests/{town.hidden}").status_code == 404
    assert town.stranger.get(f"/requests/{town.hidden}").status_code == 404


def test_a_command_tells_nobody_that_something_private_exists(town: Town) -> None:
    tables = {"req": ("requests", "request_id"), "deal": ("deals", "deal_id"), "sanc": ("sanctions", "sanction_id"),
              "home": ("households", "household_id"), "kin": ("kin_ties", "kin_id")}  # fmt: skip
    found, looked = {}, 0
    for write in WRITES:
        right = RIGHTS[write.command.NAME]
        for prefix, (table, name) in tables.items():
            fields = write.command.__struct_fields__
            if name not in fields or name in write.command.GENERATED or not (right.anybody or right.own):
                continue
            there = town.hidden if prefix == "req" else str(town.rows(table)[0][name])
            mine = dict.fromkeys(right.own, town.stranger.actor)
            answers = [sent(town.stranger, write, **{**mine, name: named}) for named in (there, UNMADE.format(prefix))]
            looked += 1
            if answers[0] != answers[1]:
                found[write.command.NAME, name] = answers
    assert found == {}
    assert looked > 20
