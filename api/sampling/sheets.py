"""What is shown of a sample and of hints, prepared once for the terminal and for the page to print."""

from __future__ import annotations

from typing import NamedTuple

from api.sampling.telling import Field, Teller
from api.sampling.wording import Words, options_of
from ledger.audit.findings import CHECKS
from ledger.audit.hints import Hint, Option
from ledger.audit.sampling import GOODS, Chosen, Sample, Stratum
from ledger.audit.stories import Line, Story, Told


class StratumRow(NamedTuple):
    """A stratum in words: family, amounts, how much there is and how much was drawn ("" where it cannot be added)."""

    family: str
    amounts: str
    entries: str
    value: str
    taken: str
    taken_value: str


class StoryRow(NamedTuple):
    """One event of a story in words. `mark`: why it is there, "" for one of the same matter before the cut-off."""

    position: int
    itself: bool
    mark: str
    decided: str
    recorded: str
    who: str
    what: str
    fields: list[Field]


class Sheet(NamedTuple):
    """One item of a sample in words."""

    number: int
    of: int
    position: int
    amount: str
    stratum: str
    digest: str
    own: StoryRow
    posted: list[tuple[str, str]]
    story: list[StoryRow]


class HintRow(NamedTuple):
    """One hint in words: its sentence, the positions named, how many there are."""

    what: str
    positions: str
    entries: int
    more: bool


class CheckSheet(NamedTuple):
    """One check with what it is about, its options and its hints."""

    name: str
    title: str
    looks: str
    because: str
    cannot: str
    options: list[tuple[str, str]]
    hints: list[HintRow]


def amounts_of(stratum: Stratum, teller: Teller) -> str:
    """The bounds of a stratum in words."""

    def shown(amount: int) -> str:
        return f"{amount:,}" if stratum.family == GOODS else teller.amount(amount, stratum.family)

    if stratum.whole:
        return teller.say("range.whole", low=shown(stratum.low))
    if stratum.below is None:
        return teller.say("range.from", low=shown(stratum.low))
    return teller.say("range.from_to", low=shown(stratum.low), below=shown(stratum.below))


def strata_of(sample: Sample, teller: Teller) -> list[StratumRow]:
    """The strata from the largest amounts down, family by family."""

    def value(amount: int | None, family: str) -> str:
        return "" if amount is None else f"{amount:,}" if family == GOODS else teller.amount(amount, family)

    return [
        StratumRow(
            teller.say(f"family.{one.family}"), amounts_of(one, teller), f"{one.count:,}", value(one.value, one.family),
            f"{one.taken:,}", value(one.taken_value, one.family),
        )
        for one in sample.strata
    ]  # fmt: skip


def sheets_of(sample: Sample, told: Told, teller: Teller) -> list[Sheet]:
    """The items in the sample's order, each with its story."""
    stories = {story.event.position: story for story in told.stories}
    drawn = [one for one in sample.chosen if one.position in stories]
    return [
        _sheet(i, len(drawn), one, stories[one.position], sample.strata[one.stratum], teller)
        for i, one in enumerate(drawn, start=1)
    ]


def _sheet(number: int, of: int, chosen: Chosen, story: Story, stratum: Stratum, teller: Teller) -> Sheet:
    rows = [_row(line, teller) for line in story.lines]
    return Sheet(
        number=number,
        of=of,
        position=chosen.position,
        amount=teller.amount(chosen.amount, chosen.unit),
        stratum=f"{teller.say(f'family.{stratum.family}')} · {amounts_of(stratum, teller)}",
        digest=chosen.digest,
        own=next(row for row in rows if row.itself),
        posted=[(teller.account(account), teller.amount(amount, unit)) for account, unit, amount in story.posted],
        story=rows,
    )


def _row(line: Line, teller: Teller) -> StoryRow:
    event = line.event
    marks = [teller.say(f"line.{line.because}")] if line.because != "chain" else []
    marks += [teller.say("line.later")] if line.later else []
    return StoryRow(
        position=event.position,
        itself=line.because == "itself",
        mark=teller.say("line.list_mark").join(marks),
        decided=teller.instant(event.envelope.at),
        recorded=teller.instant(event.recorded_at),
        who=teller.actor(event),
        what=teller.what(event.fact),
        fields=teller.fields(event.fact),
    )


def checks_of(
    hints: list[Hint], names: list[str], options: dict[str, dict[str, Option]], words: Words
) -> list[CheckSheet]:
    """Every check that was run, in the table's order, with the options of this run and its hints."""
    found: list[CheckSheet] = []
    for name, check in CHECKS.items():
        if name in names:
            shown = options_of(check("", options.get(name)))
            own = [_hint(one, words) for one in hints if one.check == name]
            about = [words.about(name, part) for part in ("title", "looks", "because", "cannot")]
            found.append(CheckSheet(name, about[0], about[1], about[2], about[3], shown, own))
    return found


def _hint(hint: Hint, words: Words) -> HintRow:
    positions = ", ".join(str(one) for one in hint.positions)
    return HintRow(words.what(hint), positions, hint.count, hint.count > len(hint.positions))
