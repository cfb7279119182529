"""Figures that lead to what they are made of, and entry numbers that lead to the entry."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from api.asof.looking import Looker
from api.moments import moment_of
from api.pages.common import Visit
from api.texts import text
from ledger.errors import Refused
from projections.asof.past import Past


def looker_of(visit: Visit) -> Looker:
    """Who looks, for rights to figures and events."""
    return Looker(visit.store, visit.ledger, visit.caller)


def figure_link(visit: Visit, figure: str, shown: str | Markup, *, at: int | None = None) -> Markup:
    """A figure as a link to its page; `at` is the position as of which it is shown, None for now."""
    hidden = Markup('<span class="hide"> · {}</span>').format(text(visit.lang, "asof.page.why"))
    address = visit.url("why", figure=figure, at=at)
    return Markup('<a class="fig" href="{}">{}{}</a>').format(address, shown, hidden)


def entry_link(visit: Visit, position: int) -> Markup:
    """`no. 1,234` as a link to the entry."""
    shown = visit.t("line.number_of", position=f"{position:,}")
    return Markup('<a class="fig" href="{}">{}</a>').format(visit.url(f"event/{position}"), shown)


def receipt_link(visit: Visit, position: int) -> Markup:
    """A link to the receipt of an entry: the proof, to be kept, that it stands in the sealed ledger."""
    shown = visit.t("volunteer.receipt.get")
    return Markup('<a href="{}">{}</a>').format(visit.url(f"receipts/{position}"), shown)


def sentence(visit: Visit, key: str, figures: Mapping[str, object]) -> Markup:
    """A text of the pages in which some figures are links; everything else is escaped."""
    return escape(visit.t(key)).format_map(dict(figures))


def past_of(visit: Visit, at: str) -> Past | None:
    """The past that `?at=` names; None for now. Raises Refused `bad_moment`, NotFound `no_such_position`."""
    if not at.strip():
        return None
    try:
        when = moment_of(at, visit.zone)
    except ValueError:
        raise Refused("bad_moment", field="at", text=at[:40]) from None
    return looker_of(visit).past(position=when.position, at=when.at)
