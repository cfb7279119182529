"""Finding people and the page of one for who serves them: contact, hours, what waits, and what can be done for them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.finding import find_members
from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.worker.desk import OFFICE
from api.pages.worker.tree import need_office
from api.people import People
from api.store import Store
from ledger.errors import NotFound
from projections.books import queries as books
from projections.books.engines.requests_tables import duties
from projections.reading import Cells, many

_MOST, _LATEST = 30, 5


def _of(visit: Visit, row: Cells, names: dict[str, str]) -> str:
    """Where somebody belongs: place, team, unit."""
    return visit.t("records.mark").join(names[row[one]] for one in ("place", "team", "unit") if row[one])


def find_page(visit: Visit, text: str) -> Response:
    """The box to type in, and whoever fits: by number, phone or exact name; never a list of everybody."""
    found = find_members(visit.store, visit.ledger, text)[:_MOST] if text.strip() else []
    rows = books.members_by_id(visit.store.database, visit.ledger, found)
    # Who serves one place finds those who live there.
    seen = [one for one in found if one in rows and visit.caller.holds(OFFICE, one)]
    about = [rows[one][name] for one in seen for name in ("place", "team", "unit")]
    names = labels(visit, [*seen, *about], clear=True)
    people = [
        (visit.url(f"people/{one}"), names[one], books.short_number(rows[one]), _of(visit, rows[one], names),
         bool(rows[one]["departed"]))
        for one in seen
    ]  # fmt: skip
    return visit.page("worker_people.html", tab="work", text=text, people=people)


def _latest(visit: Visit, member: str) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """The latest sessions (what, state) and requests (title, state, address) of somebody."""
    database, ledger = visit.store.database, visit.ledger
    sessions = books.sessions_of(database, ledger, member, limit=_LATEST).rows
    asked = books.list_requests(database, ledger, requester=member, limit=_LATEST).rows
    words = People(visit.store, ledger).words([row["words"] for row in (*sessions, *asked)])

    def title(row: Cells) -> str:
        return str(words.get(row["words"], {}).get("title", "")) or visit.t("board.number", number=row["number"])

    def activity(row: Cells) -> str:
        what = str(words.get(row["words"], {}).get("activity", "")) or visit.t("line.session")
        return visit.t("worker.others.session", what=what, hours=visit.hours(row["minutes"]))

    return (
        [
            (f"{visit.day(row['day'])} · {activity(row)}", visit.t(f"worker.session.{row['status']}"))
            for row in sessions
        ],
        [(title(row), visit.t(f"status.{row['status']}"), visit.url(f"requests/{row['request_id']}")) for row in asked],
    )


def person_page(visit: Visit, member: str) -> Response:
    """One member as staff see them. Raises NotFound `no_such_member`, also for who serves another place."""
    database, ledger = visit.store.database, visit.ledger
    row = books.member(database, ledger, member)
    if row is None or not visit.caller.holds(OFFICE, member):
        raise NotFound("no_such_member", member=member)
    proxies = books.proxies_of(database, ledger, member)
    answers_for = [one for one in many(database, duties, ledger, "member_id", [member]) if one["active"]]
    held = books.roles_of(database, ledger, member)
    about = [row["place"], row["team"], row["unit"], row["guardian"], *proxies]
    about += [one["place_id"] for one in answers_for] + [one["scope"] or None for one in held]
    names = labels(visit, [member, *about], clear=True)
    words = People(visit.store, ledger).words([row["words"]]).get(row["words"], {})
    sessions, asked = _latest(visit, member)
    known = (
        ("phone", words.get("phone")), ("address", words.get("address")), ("own_number", row["number"]),
        ("belongs", _of(visit, row, names)),
        ("guardian", names.get(row["guardian"] or "")), ("proxies", visit.t("records.mark").join(names[one] for one in proxies)),
        ("roles", visit.t("records.mark").join(
            visit.t(f"role.{one['role']}") + (f" ({names.get(one['scope'], '')})" if one["scope"] in names else "")
            for one in held
        )),
        ("answers_for", visit.t("records.mark").join(f"{names[one['place_id']]} {one['office']}" for one in answers_for)),
        ("joined", visit.day(row["joined_on"]) if row["joined_on"] else ""),
    )  # fmt: skip
    return visit.page(
        "worker_person.html", tab="work",
        member=row, name=names[member], number=books.short_number(row),
        known=[(visit.t(f"worker.person.{label}"), told) for label, told in known if told],
        hours=books.hours_of(database, ledger, member), sessions=sessions, asked=asked,
    )  # fmt: skip


def add_people(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/people?q=` and `/{ledger}/people/{member}`."""

    @pages.get("/{ledger}/people")
    def find(request: Request, ledger: str, q: str = "") -> Response:
        visit = Visit(store, request, ledger)
        return need_office(visit) or find_page(visit, q[:80])

    @pages.get("/{ledger}/people/{member}")
    def person(request: Request, ledger: str, member: str) -> Response:
        visit = Visit(store, request, ledger)
        return need_office(visit) or person_page(visit, member)
