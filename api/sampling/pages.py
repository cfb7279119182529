"""Pages to print: self-contained HTML that asks no other file and no other machine, A4, one item of a sample a page."""

from __future__ import annotations

from typing import Any

from api import formats
from api.pages.rendering import environment
from api.sampling.documents import KnownRoot
from api.sampling.sheets import CheckSheet, Sheet, StratumRow
from api.sampling.telling import Teller
from ledger.audit.sampling import Sample


def sample_page(
    sample: Sample,
    name: str,
    strata: list[StratumRow],
    sheets: list[Sheet],
    teller: Teller,
    root: KnownRoot | None,
) -> str:
    """The working papers of a sample: a cover with the method and the strata, then one page for each item."""
    plan = sample.plan
    checkpoint = teller.say("page.no_checkpoint")
    if root is not None:
        checkpoint = teller.say("page.covers", size=f"{root.size:,}", at=teller.instant(root.at))
    facts = [
        ("ledger", f"{name} · {sample.ledger}" if name else sample.ledger),
        ("upto", f"{plan.upto:,}"),
        ("period", _range(teller, plan.first, plan.upto)),
        ("checkpoint", checkpoint),
    ]
    summary = teller.say(
        "said.sample", ledger=name or sample.ledger, population=f"{sum(one.count for one in sample.strata):,}",
        taken=f"{len(sample.chosen):,}", upto=f"{plan.upto:,}",
    )  # fmt: skip
    warning = warning_of(root, plan.upto, teller)
    return _render(
        "audit_sample.html", teller, facts=facts, seed=plan.seed, strata=strata, sheets=sheets, warning=warning,
        summary=summary,
    )  # fmt: skip


def warning_of(root: KnownRoot | None, upto: int, teller: Teller) -> str:
    """What to say of a seed that proves less than it should; "" for the root of a checkpoint over all that was drawn from."""
    if root is None:
        return teller.say("said.unknown_seed")
    return "" if root.size >= upto else teller.say("said.other_size", size=f"{root.size:,}", upto=f"{upto:,}")


def findings_page(ledger: str, name: str, first: int, upto: int, checks: list[CheckSheet], teller: Teller) -> str:
    """The hints, check by check, with what each check looks at and what it cannot tell."""
    facts = [
        ("ledger", f"{name} · {ledger}" if name else ledger),
        ("upto", f"{upto:,}"),
        ("period", _range(teller, first, upto)),
    ]
    return _render("audit_findings.html", teller, facts=facts, checks=checks)


def _range(teller: Teller, first: int, upto: int) -> str:
    if first <= 1:
        return teller.say("page.all_of_it", last=f"{upto:,}")
    return teller.say("page.part_of_it", first=f"{first:,}", last=f"{upto:,}")


def _render(template: str, teller: Teller, **values: Any) -> str:
    given: dict[str, Any] = {"t": teller.say, "lang": teller.lang, "day": formats.day, **values}
    return environment().get_template(template).render(given)
