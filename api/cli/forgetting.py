"""`nuanlin forget` and `nuanlin own-data`: a person's right to be forgotten, and to take away what is held about them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from api.cli.failures import Misused, Stop
from api.cli.frame import Frame
from api.cli.output import note, print_json, say, visible, write_bytes
from api.texts import text

if TYPE_CHECKING:
    from api.own_data.forgetting import Foreseen
    from api.store import Store

Who = Annotated[str, typer.Argument(help="privacy.option.who", metavar="WHO", show_default=False)]


def forget(
    frame: Frame,
    who: Who,
    cause: Annotated[str, typer.Option("--cause", help="privacy.option.cause", metavar="CAUSE")] = "own_wish",
    yes: Annotated[bool, typer.Option("--yes", help="privacy.option.yes", show_default=False)] = False,
) -> None:
    """Delete the personal data of a member, or the words of a unit, receipt, grant, call-out or old request."""
    from ledger.parties.commands import ErasePersonalData, ErasureCause

    known: tuple[Any, ...] = get_args(ErasureCause)
    if cause not in known:
        raise Misused("no_such_cause", cause=cause, known=", ".join(known))
    with frame.store() as store:
        from api.own_data.forgetting import foresee
        from ledger.application import OPERATOR, Actor
        from ledger.parties.facts import ErasureAsked

        subject, name = subject_named(frame, store, who)
        command, actor = ErasePersonalData(subject=subject, cause=cause), Actor(OPERATOR)  # type: ignore[arg-type]  # it is one of them
        foreseen = foresee(store, frame.ledger, command, actor)
        if foreseen.refusal is not None:
            raise foreseen.refusal
        if not yes and not _agreed(frame, name, foreseen):
            say(_said(frame, "kept"))
            raise typer.Exit(1)
        done = store.application.execute(frame.ledger, command, actor=actor)
        only_asked = isinstance(done.facts[-1], ErasureAsked)
    if frame.as_json:
        print_json({"position": done.position, "subject": subject, "erased": not only_asked})
    else:
        shown = subject if subject == name else name.rpartition(" ")[2]
        say(_said(frame, "asked" if only_asked else "forgotten", who=shown, position=f"{done.position:,}"))


def _said(frame: Frame, key: str, **figures: object) -> str:
    return text(frame.lang, f"privacy.said.{key}", **figures)


def subject_named(frame: Frame, store: Store, who: str) -> tuple[str, str]:
    """The id that is meant, and what to call it: a member by name and number, anything else by its id."""
    from api.cli.who import called, member_named
    from ledger.ids import PERSON, looks_like_id, prefix_of

    if looks_like_id(who) and prefix_of(who) != PERSON:
        return who, who
    member = member_named(store, frame.ledger, who)
    return str(member["member_id"]), called(store, frame.ledger, member)


def _agreed(frame: Frame, name: str, foreseen: Foreseen) -> bool:
    """Ask on the terminal, after saying what follows; raises Misused `yes_needed` where there is none to ask on."""
    if not sys.stdin.isatty():
        raise Misused("yes_needed")
    note(visible(_said(frame, "forget", who=name)))
    figures = {part: getattr(foreseen, part) for part in ("released", "withdrawn", "reservations", "roles")}
    if any(figures.values()):
        note(_said(frame, "forget_settled", **figures))
    return typer.confirm(_said(frame, "forget_ask"), default=False, err=True)


def own_data(
    frame: Frame,
    who: Who,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="privacy.option.own_out", metavar="FILE")] = None,
) -> None:
    """Everything the ledger holds about a member; the words come with what proves them."""
    kind = "" if out is None else out.suffix.lower()
    if out is not None and kind not in (".zip", ".json", ".html"):
        raise Misused("own_out")
    with frame.store() as store:
        from api.cli.reading import zone_of
        from api.cli.who import member_named
        from api.own_data import collect, readable
        from ledger.application import OPERATOR

        member = member_named(store, frame.ledger, who)
        data = collect.own_data(store, frame.ledger, member["member_id"], by=OPERATOR, role="administrator")
        zone = zone_of(store, frame.ledger)
    if out is None:
        write_bytes(readable.as_json(data))
        return
    if kind == ".html":
        content = readable.as_page(data, frame.lang, zone).encode()
    else:
        content = readable.as_zip(data, zone) if kind == ".zip" else readable.as_json(data)
    _write(out, content)
    if frame.as_json:
        print_json({"file": str(out), "events": len(data.events), "words": len(data.words)})
    else:
        say(_said(frame, "own_data", file=out, events=f"{len(data.events):,}", words=f"{len(data.words):,}"))


def _write(out: Path, content: bytes) -> None:
    """The file whole or not at all, and for its owner only; raises Stop `cannot_write`."""
    part = out.with_name(out.name + ".part")
    try:
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        raise Stop("cannot_write", file=str(out), reason=error.strerror) from None
    finally:
        part.unlink(missing_ok=True)
