"""The registers of a simulated street, walked shelf by shelf: whoever reads them reads words, in either language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from eventsourcing.dcb.api import DCBQuery
from starlette.testclient import TestClient

from api import tokens
from api.app import create_app
from api.engines import SHELVES
from api.pages import web_sessions
from api.shelves import columns_of
from api.simulation.life import live
from api.store import Store
from api.texts import LANGUAGES, known, text
from ledger.application import OPERATOR, Actor
from ledger.journal.queries import read_rows
from ledger.parties import commands as party
from ledger.rules import COMMANDS
from projections.books.engines.resources_tables import contests
from projections.books.engines.shifts_tables import signups
from projections.reading import Cells, listed
from tests.house.means import ROOT
from tests.house.stores import LEDGER, settings_for, store_at

_ROLES: tuple[party.RoleName, ...] = ("community_worker", "auditor", "administrator", "treasurer", "committee_member")
_ID = re.compile(r"\b[a-z]{2,6}_[0-9a-hjkmnp-tv-z]{20,}")
_CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NUMBER = re.compile(r"\bV\d+\b|\b[0-9a-f]{12}…")
"""A person's number; the beginning of a digest, which is hexadecimal and no word."""
_TEXTS = ("name", "title", "label", "item", "back_item", "office", "matter", "category", "vkey", "peer", "here", "note")


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A few weeks of a street, so that most registers hold something."""
    folder = tmp_path_factory.mktemp("registers")
    url = f"sqlite:///{folder / 'street.db'}"
    live(settings_for(url, folder), LEDGER, people=200, days=90, seed=7, began=date(2026, 1, 1))
    with store_at(url, folder) as store:
        yield store


def signed_in(street: Store, actor: str, lang: str, token: str) -> TestClient:
    """Somebody at a browser."""
    session = web_sessions.begin(street, LEDGER, actor, via="token", proof=tokens.digest_of(token))
    return TestClient(
        create_app(street),
        base_url="http://127.0.0.1",
        cookies={web_sessions.COOKIE: session.cookie},
        headers={"Accept-Language": lang},
    )


def worker(street: Store, lang: str) -> TestClient:
    """Somebody who may read every register."""
    token, actor = tokens.create(street, LEDGER, label="desk", roles=_ROLES)
    return signed_in(street, actor, lang, token)


def member(street: Store, actor: str, lang: str = "zh") -> TestClient:
    """A member without any role."""
    token, _ = tokens.create(street, LEDGER, actor=actor)
    return signed_in(street, actor, lang, token)


def main_of(client: TestClient, path: str) -> str:
    """The main part of a page that must be shown."""
    answer = client.get(f"/{LEDGER}/{path}")
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]


def read(shown: str) -> str:
    """What people read of a part of a page."""
    return html.unescape(re.sub(r"<[^>]+>", " \n", shown))


def records_in(shown: str, name: str) -> list[str]:
    """The records that a list leads to."""
    return list(dict.fromkeys(re.findall(rf'href="/{LEDGER}/records/{name}/([^"?]+)"', shown)))


def written_by_people(street: Store) -> list[str]:
    """Every name and title that somebody typed, the longest first: those stand as they were typed, in any language."""
    found: set[str] = set()

    def gather(name: str, value: Any) -> None:
        if isinstance(value, str) and value and (name in _TEXTS or " " in value):
            found.add(value)
            found.add(value.partition("_")[2] if name in ("peer", "here") else value)
        elif isinstance(value, tuple):
            for one in value:
                gather("name", one)

    with street.database.reading() as cursor:
        rows = read_rows(street.database, cursor, LEDGER, DCBQuery(), 0, None)
    commitments = set()
    for _, kind, _tags, data in rows:
        _, fact = street.codec.decode(kind, bytes(data))
        for field in fact.__struct_fields__:
            gather(field, getattr(fact, field))
        commitments.add(getattr(fact, "words", "") or "")
    for document in street.vault.read(LEDGER, commitments - {""}).values():
        found |= {value for value in document.values() if isinstance(value, str) and value}
    return sorted(found, key=len, reverse=True)


def left_over(shown: str, typed: list[str]) -> str:
    """What of a text nobody typed."""
    for one in typed:
        if one in shown:
            shown = shown.replace(one, " ")
    return shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shelf_of_a_street_reads_as_words(street: Store, lang: str) -> None:
    typed, client, walked = written_by_people(street), worker(street, lang), 0
    for shelf in SHELVES:
        shown = main_of(client, f"records/{shelf.name}")
        pages = [shown, *(main_of(client, f"records/{shelf.name}/{key}") for key in records_in(shown, shelf.name)[:4])]
        for page in pages:
            told = read(page)
            assert _ID.findall(told) == [], shelf.name
            rest = left_over(told, typed)
            codes = _CODE.findall(rest)
            words = _LATIN.findall(_NUMBER.sub("", rest)) if lang == "zh" else []
            assert (codes, words) == ([], []), (shelf.name, rest)
            walked += 1
    assert walked > 150


@pytest.mark.parametrize("lang", LANGUAGES)
def test_indexes_due_days_and_records_of_promises_read_as_words(street: Store, lang: str) -> None:
    typed, client = written_by_people(street), worker(street, lang)
    contested = _first(street, contests)["party"]
    for path in ("records", "due", f"integrity/{contested}"):
        rest = left_over(read(main_of(client, path)), typed)
        assert (_ID.findall(rest), _CODE.findall(rest)) == ([], []), path
        if lang == "zh":
            assert _LATIN.findall(_NUMBER.sub("", rest)) == [], (path, rest)


def rows_of(street: Store, table: Any, **where: str) -> list[Cells]:
    """The oldest records of a register."""
    order = (("number", False),)
    return listed(street.database, table, LEDGER, where={**where}, order=order, after=None, limit=200).rows


def _first(street: Store, table: Any) -> Cells:
    return rows_of(street, table)[0]


def declared_states() -> list[tuple[str, str, str]]:
    """Shelf, column and state of everything that the tables of the engines say a row may be in."""
    names = {shelf.table.name: shelf.name for shelf in SHELVES}
    said = re.compile(r'^(\w+) = table\(.*?^\)\n"""(.*?)"""', re.MULTILINE | re.DOTALL)
    files = sorted((ROOT / "projections" / "books" / "engines").glob("*_tables.py"))
    return [
        (names[table], column, state)
        for file in files
        for table, doc in said.findall(file.read_text("utf-8"))
        if table in names
        for column, states in re.findall(r"`(status|kind|direction|appeal|charge)`: ([^.;`,]*)", doc)
        for state in re.findall(r"\b[a-z_]+\b", states)
    ]


def test_every_state_that_a_table_declares_has_words() -> None:
    declared = declared_states()
    assert len(declared) > 60
    assert [
        one
        for one in declared
        if not known("zh", f"sampling.register.{one[0]}.{one[1]}_{one[2]}")
        and not known("zh", f"sampling.value.{one[1]}_{one[2]}")
    ] == []


def test_every_choice_of_a_command_that_a_register_shows_has_words() -> None:
    shown = {column.name for shelf in SHELVES for column in columns_of(shelf)}
    keys = {shelf.key for shelf in SHELVES if shelf.key.endswith("_id")} - {"request_id", "claim_id", "grant_id"}
    silent = {
        f"{name}_{value}"
        for kind in COMMANDS.values()
        if keys & {*kind.__struct_fields__}
        for name, hint in get_type_hints(kind).items()
        if name in shown and name not in ("category", "barrier")
        for one in (hint, *get_args(hint))
        if get_origin(one) is Literal
        for value in get_args(one)
        if value and not known("zh", f"sampling.value.{name}_{value}")
    }
    assert silent == set()


def test_every_column_has_a_name() -> None:
    columns = {
        column.name for shelf in SHELVES for column in columns_of(shelf) if column.name not in ("number", "over")
    }
    assert {name for name in columns if not known("zh", f"sampling.field.{name}")} == set()


def test_a_volunteer_finds_their_own_sign_ups_without_knowing_a_filter(street: Store) -> None:
    own = _first(street, signups)["member"]
    client = member(street, own)

    index = main_of(client, "records")
    assert f'href="/{LEDGER}/records/signups?own=yes"' in index
    listed_own = records_in(main_of(client, "records/signups?own=yes"), "signups")
    assert listed_own == records_in(main_of(client, "records/signups"), "signups")

    assert listed_own
    assert set(listed_own) == {row["signup_id"] for row in rows_of(street, signups, member=own)}


def test_nobody_finds_the_sign_ups_of_others(street: Store) -> None:
    others = rows_of(street, signups)
    mine = others[0]["member"]
    client = member(street, mine)
    foreign = next(row for row in others if row["member"] != mine)

    assert client.get(f"/{LEDGER}/records/signups/{foreign['signup_id']}").status_code == 404
    assert foreign["signup_id"] not in main_of(client, "records/signups?own=member")
    assert foreign["signup_id"] not in main_of(client, "records/signups?own=in_charge")
    stranger = TestClient(create_app(street), base_url="http://127.0.0.1")
    assert stranger.get(f"/{LEDGER}/records/signups?own=yes").status_code in (401, 403)


def test_a_vote_is_titled_by_what_is_voted_on(street: Store) -> None:
    """Not by who opened it: a title says what a record is about."""
    from api.pages.registers.references import OF_WHOM

    shelf = next(one for one in SHELVES if one.name == "votes")
    assert not {"opened_by", "closed_by", "recorded_by", "appointed_by"} & {*shelf.own, *OF_WHOM}
    for name in ("votes", "calls_for_proposals", "panels"):
        assert "svc_" not in main_of(worker(street, "zh"), f"records/{name}")


def test_a_record_of_promises_says_what_fades_and_how_to_contest(street: Store) -> None:
    contested = _first(street, contests)
    shown = read(main_of(worker(street, "zh"), f"integrity/{contested['party']}"))

    assert text("zh", "pages.integrity.how_list") in shown
    assert text("zh", "pages.integrity.broken") in shown
    assert text("zh", f"sampling.value.promise_{contested['promise']}") in shown


def test_a_record_of_promises_is_nobody_elses_to_read(street: Store) -> None:
    people = {row["member"] for row in rows_of(street, signups)}
    one, other = sorted(people)[:2]
    client = member(street, one)

    assert client.get(f"/{LEDGER}/integrity/{one}").status_code == 200
    assert client.get(f"/{LEDGER}/integrity/{other}").status_code == 404
    stranger = TestClient(create_app(street), base_url="http://127.0.0.1")
    assert stranger.get(f"/{LEDGER}/integrity/{one}").status_code in (401, 404)


def test_what_is_due_says_how_late_it_is(street: Store) -> None:
    shown = read(main_of(worker(street, "zh"), "due"))

    assert re.search(r"已过期 \d+ 天|还有 \d+ 天|今天到期", shown)


def test_who_acts_for_somebody_finds_their_records_too(street: Store) -> None:
    principal = _first(street, signups)["member"]
    proxy = next(row["member"] for row in rows_of(street, signups) if row["member"] != principal)
    street.application.execute(LEDGER, party.RegisterProxy(principal=principal, proxy=proxy), actor=Actor(OPERATOR))
    street.catch_up(LEDGER)

    found = records_in(main_of(member(street, proxy), "records/signups?own=member"), "signups")

    theirs = {row["signup_id"] for row in rows_of(street, signups, member=principal)}
    assert theirs & set(found)
    street.application.execute(LEDGER, party.EndProxy(principal=principal, proxy=proxy), actor=Actor(OPERATOR))
