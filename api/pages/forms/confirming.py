"""The page after a form: what was done in one full sentence, its number, what happens next, and a way onward."""

from __future__ import annotations

from string import Formatter

from starlette.responses import Response

from api.pages.common import Visit
from api.pages.forms.form import Done, Form
from api.pages.forms.telling import ABOUT, OTHERWISE, told
from api.texts import text
from ledger.base import Fact
from ledger.journal.queries import read_rows

_MOST = 500
"""So many facts of one command are read for its sentence."""


def happened(visit: Visit, position: str, count: int) -> Done:
    """What who looks has done up to this position, so many facts; nothing where somebody else did it."""
    if not (position.isascii() and position.isdecimal() and len(position) < 16):
        return Done((), 0)
    last, count = int(position), min(max(count, 1), _MOST)
    with visit.store.database.reading() as cursor:
        rows = read_rows(visit.store.database, cursor, visit.ledger, None, last - count, count)
    facts: list[Fact] = []
    for at, kind, _tags, data in rows:
        envelope, fact = visit.store.codec.decode(kind, data)
        if int(at) <= last and envelope.by == visit.caller.actor:
            facts.append(fact)
    return Done(tuple(facts), last if facts else 0)


def sentence(visit: Visit, form: Form, done: Done) -> str:
    """What was done, in words; "" where it was something else, or somebody else did it."""
    kind, (other, ending) = ABOUT.get(form.command), OTHERWISE.get(form.name, (None, ""))
    fact = None if kind is None else done.fact(kind)
    key = form.sentence
    if fact is None and other is not None:
        fact, key = done.fact(other), form.sentence + ending
    if not done.facts or (kind is not None and fact is None) or (more := form.figures(visit, done)) is None:
        return ""
    figures = {**({} if fact is None else told(visit, fact)), **more}
    said = visit.t(key, **{name: figures.get(name, "—") for name in figures_of(visit.lang, key)})
    return said[:1].upper() + said[1:]


def figures_of(lang: str, key: str) -> set[str]:
    """The names of the figures in a sentence of these pages."""
    return {name for _, name, _, _ in Formatter().parse(text(lang, f"pages.{key}")) if name}


def confirmation(visit: Visit, form: Form, done: Done) -> Response:
    """The page."""
    said = sentence(visit, form, done)
    onward = form.onward(visit, done) if form.onward is not None and done.facts else None
    back = visit.url() if form.back is None else form.back(visit, {})
    return visit.page(
        "form_done.html", tab=form.tab, title=visit.t(form.title),
        number=f"{done.position:,}" if done.position else "",
        said=said,
        next=visit.t(form.after),
        leave=back if onward is None else onward[0],
        leads=visit.t("forms.go_on" if onward is None else onward[1]),
        again=(visit.url(f"do/{form.name}"), visit.t(form.again)) if form.again else None,
    )  # fmt: skip
