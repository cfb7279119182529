"""Figures and events in words, for pages and the command line alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api import formats
from api.sampling.telling import Field, Teller, type_in_words
from api.store import Store
from api.texts import known, text
from ledger.funds.commands import GENERAL
from ledger.ids import looks_like_id
from ledger.journal.recorded import Recorded
from ledger.units import FEN, MINUTES, VENUE_MINUTES, pieces_of
from projections.asof.of_rankings import parts_of
from projections.asof.why import family_of
from projections.books import queries

__all__ = ["Words", "everybody_in", "ids_in", "shown", "type_in_words"]

_MINUTES = (MINUTES, VENUE_MINUTES)


def shown(lang: str, unit: str, value: int) -> str:
    """A value with its unit in words: `12 h 30 min`, `¥1.00`, `3 members`, `5 × masks`."""
    if unit in _MINUTES:
        return formats.hours(value, lang)
    if unit == FEN:
        return formats.yuan(value, lang)
    if unit.startswith(pieces_of("")):
        return text(lang, "asof.unit.pieces", count=f"{value:,}", item=unit.removeprefix(pieces_of("")))
    measure, dot, item = unit.partition(".")
    if dot:
        return text(lang, f"asof.unit.{measure}", count=f"{value:,}", item=item)
    return text(lang, f"asof.unit.{unit}", count=f"{value:,}") if known(lang, f"asof.unit.{unit}") else f"{value:,}"


def ids_in(figure: str) -> list[str]:
    """Whatever in a figure's name looks like an id, so that it can be shown by name."""
    return [part for part in figure.split(":") if looks_like_id(part)]


class Words(Teller):
    """Says what figures and events are called. `names` are labels by id, masked as whoever reads may see them."""

    def __init__(self, store: Store, ledger: str, lang: str, zone: str, names: Mapping[str, str]) -> None:
        super().__init__(store, ledger, lang, zone, {})
        self._labels = names
        self._funds: dict[str, queries.FundAccount] | None = None

    def who(self, identifier: str) -> str:
        """A label where there is one; the id itself for what has no name."""
        if identifier.startswith("fund_") and (account := self._fund(identifier)) is not None:
            return str(account.fund["name"])
        return self._labels.get(identifier) or super().who(identifier)

    def item(self, slug: str, code: str) -> str:
        """The name of a fund's service item."""
        if code == GENERAL:
            return text(self.lang, "pages.fund.general")
        account = self._fund(slug)
        rows = {row["item"]: row for row in account.items} if account else {}
        return str(rows[code]["name"] or code) if code in rows else code

    @property
    def somebody(self) -> str:
        """What a part is called whose figure may not be opened."""
        return self._say("page.somebody")

    def title(self, figure: str) -> str:
        """What a figure is called by people."""
        family, rest = family_of(figure)
        if family == "stats":
            return self._total(rest)
        if family == "balance":
            return self._account(rest)
        if family == "entries":
            return self._say("figure.entries", account=self._account(rest))
        if family == "fund":
            return self._of_fund(rest)
        if family in ("spending", "payments"):
            slug, item, category = (rest + "::").split(":")[:3]
            name = f"pages.category.{category}"
            shown_category = text(self.lang, name) if known(self.lang, name) else category
            return self._say(
                f"figure.{family}", fund=self._fund_name(slug), item=self.item(slug, item), category=shown_category
            )
        if family in ("ranking", "rank", "records"):
            return self._ranked(family, rest)
        return self._of_thing(family, rest)

    def fields_of(self, event: Recorded, visible: Iterable[str]) -> list[Field]:
        """The fields of an event's fact that may be read: those named in `visible`."""
        self.look_up_words([event])
        wanted = set(visible)
        return [field for field in self.fields(event.fact) if field.name in wanted]

    def _say(self, key: str, /, **figures: object) -> str:
        return text(self.lang, f"asof.{key}", **figures)

    def _fund(self, slug: str) -> queries.FundAccount | None:
        if self._funds is None:
            rows = queries.funds(self._store.database, self._ledger)
            self._funds = {row.fund["fund"]: row for row in rows}
        return self._funds.get(queries.fund_id(slug))

    def _fund_name(self, slug: str) -> str:
        account = self._fund(slug)
        return str(account.fund["name"]) if account else slug

    def _total(self, rest: str) -> str:
        family, _, name = rest.partition(".")
        if family == "requests":
            state = self._say("page.open") if name == "open" else text(self.lang, f"pages.status.{name}")
            return self._say("figure.stats_requests", state=state)
        if family == "channels":
            return self._say("figure.stats_channels", channel=text(self.lang, f"pages.channel.{name}"))
        return self._say(f"figure.stats_{rest.replace('.', '_')}")

    def _account(self, rest: str) -> str:
        account, _, _unit = rest.rpartition(":")
        parts = account.split(":")
        last = parts[-1]
        if parts[0] == "hours" and len(parts) > 1:
            if not looks_like_id(parts[1]):
                return self._say(f"account.{parts[1]}")
            return self._say("account.held" if last == "held" else "account.usable", who=self.who(parts[1]))
        if parts[0] in ("fund", "pledge") and len(parts) > 2:
            kind = "committed" if last == "committed" else "available" if parts[0] == "fund" else "pledged"
            return self._of_fund(f"{parts[1]}:{parts[2]}:{kind}")
        key = f"account.{parts[0]}"
        if known(self.lang, f"asof.{key}"):
            return self._say(key, who=self.who(parts[1]) if len(parts) > 1 else "")
        return self._say("account.other", name=":".join(self.who(p) if looks_like_id(p) else p for p in parts))

    def _of_fund(self, rest: str) -> str:
        slug, _, more = rest.partition(":")
        item, _, name = more.rpartition(":")
        what = self._say(f"fund.{name}")
        if not item:
            return self._say("figure.fund", fund=self._fund_name(slug), what=what)
        return self._say("figure.item", fund=self._fund_name(slug), item=self.item(slug, item), what=what)

    def _ranked(self, family: str, rest: str) -> str:
        measure, period, subject = parts_of(rest)
        kind = f"pages.party.{subject}"
        who = text(self.lang, kind) if known(self.lang, kind) else self.who(subject)
        name, _, item = measure.partition(":")
        told = text(self.lang, f"pages.measure.{name}", item=item)
        return self._say(f"figure.{family}", who=who, measure=told, period=self.period(period))

    def period(self, period: str) -> str:
        """What a period is called: a month, a quarter, a year, or all time."""
        year, _, rest = period.partition("-")
        if period == "all":
            return text(self.lang, "pages.wall.all_time")
        if not rest:
            return text(self.lang, "pages.wall.year", year=year)
        if rest.startswith("Q"):
            return text(self.lang, "pages.wall.quarter", year=year, quarter=rest[1:])
        return text(self.lang, "pages.wall.month", year=year, month=int(rest))

    def _of_thing(self, family: str, rest: str) -> str:
        if family == "integrity":
            party, _, name = rest.partition(":")
            return self._say(
                "figure.of", who=self.who(party), what=self._say(f"column.{'weight' if ':' in name else name}")
            )
        key, _, name = rest.rpartition(":")
        what = self._say(f"column.{name}") if known(self.lang, f"asof.column.{name}") else self.label(name)
        if family in ("member", "unit", "team", "intake"):
            return self._say("figure.of", who=self.who(key), what=what)
        return self._say("figure.thing", thing=self._thing(family), what=what)

    def _thing(self, family: str) -> str:
        from api.shelves import shelf_of

        shelf = None if known(self.lang, f"asof.thing.{family}") else shelf_of(family)
        return self._say(f"thing.{family}") if shelf is None else text(self.lang, f"api.reads.{shelf.one}")


def everybody_in(figures: Iterable[str | None]) -> list[str]:
    """The ids in several figures' names."""
    return sorted({one for figure in figures if figure for one in ids_in(figure)})
