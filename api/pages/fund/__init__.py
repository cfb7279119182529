"""Everything about money on the pages: funds for everybody, donors' own donations, committee's and treasurer's desks.

May touch the books, the vault's words through `api.people`, and commands through `api.pages.forms`.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.store import Store


def add_fund(pages: APIRouter, store: Store) -> None:
    """Every page of this face."""
    # Taken in here: the forms are asked for by name before the pages are put together.
    from api.pages.fund.calls import add_calls
    from api.pages.fund.desk import add_desks
    from api.pages.fund.grant import add_grant
    from api.pages.fund.mine import add_mine
    from api.pages.fund.overview import add_overview
    from api.pages.fund.reporting import add_reporting
    from api.pages.fund.reports import add_reports
    from api.pages.fund.scoring import add_scoring
    from api.pages.fund.tracing import add_tracing

    each = (
        add_overview, add_tracing, add_reports, add_mine, add_calls, add_scoring, add_reporting, add_desks, add_grant,
    )  # fmt: skip
    for add in each:
        add(pages, store)
