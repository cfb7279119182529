"""Days at the ends of the calendar and numbers beyond every database, asked of each page: never an error of ours (500)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute
from starlette.routing import Match

from api.pages.routes import page_router
from tests.pages.catalogue import PAGES
from tests.pages.world import World

DAYS = ("9999-12-31", "0001-01-01")
NUMBERS = ("9223372036854775808", "-1")
_DAY = re.compile(r"day|date|since|until|month|week|period|^(?:from|to|at)")
_NUMBER = re.compile(r"number|position|count|size|page|minutes|year|step|^(?:from|to|at|after|before|taken|left)")


def odd_addresses(world: World) -> Iterator[tuple[str, str]]:
    """Who asks, and the page with each parameter of its query that is a day or a number, and each number of its path, odd."""
    routes = [
        one for one in page_router(world.store).routes if isinstance(one, APIRoute) and "GET" in (one.methods or ())
    ]
    told: set[str] = set()
    for seen in PAGES:
        address = seen.address(world)
        path, _, query = address.partition("?")
        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        route = next((one for one in routes if one.matches(scope)[0] is Match.FULL), None)
        if route is None or seen.status != 200 or route.path in told:
            continue
        told.add(route.path)
        for parameter in route.dependant.query_params:
            for pattern, values in ((_DAY, DAYS), (_NUMBER, NUMBERS)):
                if pattern.search(parameter.alias):
                    kept = "&".join(
                        one for one in query.split("&") if one and not one.startswith(f"{parameter.alias}=")
                    )
                    yield from ((seen.who, f"{path}?{parameter.alias}={value}&{kept}") for value in values)
        for segment in {one for one in path.split("/") if one.isdecimal()}:
            yield from ((seen.who, path.replace(f"/{segment}", f"/{value}", 1)) for value in NUMBERS)


def test_no_page_breaks_at_the_ends_of_the_calendar_or_of_numbers(world: World) -> None:
    addresses = list(odd_addresses(world))
    assert len(addresses) > 50
    assert any("/paper-lists?day=9999-12-31" in address for _who, address in addresses)

    broken = []
    for who, address in addresses:
        try:
            if world.client(who).get(address).status_code >= 500:
                broken.append((who, address))
        except Exception as error:  # the test's client hands on what a server would answer with 500
            broken.append((address, type(error).__name__))

    assert broken == []
