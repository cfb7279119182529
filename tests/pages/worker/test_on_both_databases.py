"""What the desk reads, on SQLite and on PostgreSQL: every source, the tree's figures, what is due in words of the row."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from starlette.requests import Request

from api.pages.common import Visit
from api.pages.worker.queue import SOURCES, pieces_of
from api.pages.worker.tree import open_by_place
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import day_of
from ledger.hours.commands import RecordSession
from ledger.parties.commands import RegisterMember
from ledger.places.commands import AddPlace, OpenLedger
from ledger.requests.commands import PostRequest, PublishRequest, RequestWords
from tests.house.stores import LEDGER, settings_for


def visit_of(store: Store) -> Visit:
    """A visit of nobody in particular."""
    scope = {"type": "http", "method": "GET", "path": f"/{LEDGER}/work", "query_string": b"", "headers": []}
    return Visit(store, Request(scope), LEDGER)


def test_every_source_and_the_tree_answer(store_url: str, tmp_path: Path) -> None:
    with Store.open(settings_for(store_url, tmp_path)) as store:

        def do(command: Command) -> None:
            store.application.execute(LEDGER, command, actor=Actor(OPERATOR))

        do(OpenLedger(name="桂花路街道"))
        yard, member = AddPlace(kind="courtyard", name="7号院"), RegisterMember()
        do(yard)
        do(member)
        today = day_of(store.clock())
        do(RecordSession(volunteer=member.member_id, minutes=60, day=today - timedelta(days=1), place=yard.place_id))
        issue = PostRequest(
            kind="issue", requester=member.member_id, place=yard.place_id, words=RequestWords(title="路灯不亮")
        )
        wish = PostRequest(kind="wish", requester=member.member_id, words=RequestWords(title="想学用手机"))
        for one in (issue, wish, PublishRequest(request_id=issue.request_id)):
            do(one)
        visit = visit_of(store)

        found = {source.name: source.rows(visit, 10) for source in SOURCES}
        opened, late = open_by_place(visit)

        assert {name: len(rows) for name, rows in found.items() if rows} == {"verify": 1, "review": 1, "assign": 1}
        by_name = {source.name: source for source in SOURCES}
        due = {name: pieces_of(visit, [(by_name[name], rows[0])])[0].due_day for name, rows in found.items() if rows}
        assert due["assign"] == (today + timedelta(days=1)).isoformat()
        assert due["verify"] == due["review"] == (today + timedelta(days=3)).isoformat()
        assert (opened[yard.place_id], opened[""], sum(late.values())) == (1, 1, 0)
