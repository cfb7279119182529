"""Every page, asked for by everybody: who sees it is what the pages' table of rights says.

Driven from the router; the addresses are those of the catalogue, filled from the simulated street.
"""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api import tokens
from api.pages.forms.all import BY_NAME
from ledger.application import OPERATOR
from ledger.parties.commands import GrantRole, RegisterMember
from ledger.places.commands import AddPlace
from tests.house.stores import LEDGER
from tests.pages.catalogue import PAGES
from tests.pages.catalogue.seen import Seen
from tests.pages.rights import FORMS, SHOWN, Shown
from tests.pages.test_sweep import page_routes, route_of
from tests.pages.world import World

ROLES = {
    "nobody": "", "neighbour": "", "elsewhere": "", "worker": "community_worker", "administrator": "administrator",
    "auditor": "auditor", "treasurer": "treasurer", "committee": "committee_member",
}  # fmt: skip
"""Who asks, with the role they hold. `elsewhere` is a community worker for a place where nobody lives."""
ACTED = {"/{ledger}/receipts/{position}": ("worker",)}
"""Who entered what the page is about, and reads its receipt for that."""
OF_ANY_PLACE = {"/{ledger}/tree/{place_id}", "/{ledger}/posters/{kind}.pdf"}
"""Counts of what the public board shows, and sheets that hang for everybody: for who serves any place."""
SHOWN_TO = (200, 303)
NO_ONES = {"nobody": (303, 401, 403, 404)}
"""Who is not signed in may be sent to sign in."""


@pytest.fixture(scope="module")
def pages(world: World) -> dict[str, Seen]:
    """For every route its first page that is to be seen."""
    found: dict[str, Seen] = {}
    for seen in sorted(PAGES, key=lambda one: one.status != 200):
        found.setdefault(route_of(world, seen.address(world)), seen)
    return {route.path: found[route.path] for route in page_routes(world) if route.path in found}


@pytest.fixture(scope="module")
def visitors(world: World) -> dict[str, TestClient]:
    """One browser for each who asks."""
    place = world.do(OPERATOR, AddPlace(kind="community", name="荣昌")).place_id
    for who in ("neighbour", "elsewhere"):
        member = world.do(OPERATOR, RegisterMember()).member_id
        world.people[who] = member
        world.tokens[who], _ = tokens.create(world.store, LEDGER, actor=member)
    world.do(OPERATOR, GrantRole(holder=world.people["elsewhere"], role="community_worker", scope=place))
    return {who: world.client("" if who == "nobody" else who) for who in ROLES}


def wrong(who: str, status: int, shown: Shown) -> bool:
    """Whether that is not the answer of the table to somebody whose it is not."""
    if (shown.anybody and who != "nobody") or ROLES[who] in shown.roles:
        return status not in SHOWN_TO
    return status not in NO_ONES.get(who, shown.hidden)


def test_the_table_names_routes_that_there_are(world: World) -> None:
    assert set(SHOWN) - {route.path for route in page_routes(world)} == set()


def test_a_page_is_seen_by_whom_the_table_says_and_by_nobody_else(
    world: World, pages: dict[str, Seen], visitors: dict[str, TestClient]
) -> None:
    found = {}
    for path, seen in pages.items():
        if path not in SHOWN or seen.status != 200:
            continue
        answers = {who: client.get(seen.address(world)).status_code for who, client in visitors.items()}
        # Somebody of the street may be whose it is.
        asked = {who: status for who, status in answers.items() if world.people.get(who) != world.people.get(seen.who)}
        if "{" not in path.replace("{ledger}", "") or path in OF_ANY_PLACE:
            # What is no page of one thing in particular is of one's own place for who serves a place.
            asked.pop("elsewhere", None)
        for who in ACTED.get(path, ()):
            asked.pop(who)
        bad = {who: status for who, status in asked.items() if wrong(who, status, SHOWN[path])}
        if bad:
            found[path] = bad
    assert not found, "\n".join(f"{path}: {answers}" for path, answers in found.items())


def test_every_other_page_is_everybodys(world: World, pages: dict[str, Seen], visitors: dict[str, TestClient]) -> None:
    found = {}
    for path, seen in pages.items():
        if path in SHOWN or path in FORMS:
            continue
        answers = {who: client.get(seen.address(world)).status_code for who, client in visitors.items()}
        bad = {who: status for who, status in answers.items() if status != seen.status}
        if bad:
            found[path] = bad
    assert not found, "\n".join(f"{path}: {answers}" for path, answers in found.items())


def test_a_form_is_for_whom_it_says(world: World, visitors: dict[str, TestClient]) -> None:
    """Nobody gets further than the sign-in; a neighbour finds the forms of members and none of an office."""
    sent = {name: visitors["nobody"].get(f"/{LEDGER}/do/{name}") for name in BY_NAME}
    assert {name: one.status_code for name, one in sent.items() if one.status_code != 303} == {}
    assert all(one.headers["location"].startswith("/sign-in?") for one in sent.values())
    found = {name for name in BY_NAME if visitors["neighbour"].get(f"/{LEDGER}/do/{name}").status_code == 200}
    offices = {"grant-role", "revoke-role", "add-place", "register", "deposit", "receive", "propose-grant", "award"}
    assert offices <= BY_NAME.keys()
    assert found & offices == set()
    assert {"wish", "give"} <= found
