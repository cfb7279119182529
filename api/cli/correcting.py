"""`nuanlin correct-details`: the right to have personal data put right, at the desk (PIPL §46)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import Misused
from api.cli.frame import Frame
from api.cli.output import note, print_json, say, visible
from api.texts import text

if TYPE_CHECKING:
    from api.store import Store


def correct_details(
    frame: Frame,
    who: Annotated[str, typer.Argument(help="cli.correcting.who", metavar="WHO", show_default=False)],
    name: Annotated[str | None, typer.Option("--name", help="cli.correcting.name", metavar="TEXT")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="cli.correcting.phone", metavar="TEXT")] = None,
    address: Annotated[str | None, typer.Option("--address", help="cli.correcting.address", metavar="TEXT")] = None,
    id_number: Annotated[
        str | None, typer.Option("--id-number", help="cli.correcting.id_number", metavar="TEXT")
    ] = None,
    proof: Annotated[str, typer.Option("--proof", help="cli.correcting.proof", metavar="PROOF")] = "paper",
) -> None:
    """Correct a member's details, or the person to talk to at a unit; what is not given stays as it is."""
    from ledger.parties.correcting import SHOWN_AT_THE_DESK

    typed = {"name": name, "phone": phone, "address": address, "id_number": id_number}
    changed = {field: value.strip() for field, value in typed.items() if value is not None}
    if not changed:
        raise Misused("nothing_to_correct")
    if proof not in SHOWN_AT_THE_DESK:
        raise Misused("no_such_proof", proof=proof, known=", ".join(sorted(SHOWN_AT_THE_DESK)))
    with frame.store() as store:
        from api.cli.forgetting import subject_named

        subject, called = subject_named(frame, store, who)
        position = _corrected(frame, store, subject, changed, proof)
    if frame.as_json:
        print_json({"position": position, "subject": subject})
    else:
        shown = subject if subject == called else called.rpartition(" ")[2]
        say(text(frame.lang, "cli.correcting.said", who=shown, position=f"{position:,}"))


def _corrected(frame: Frame, store: Store, subject: str, changed: dict[str, str], proof: Any) -> int:
    """Give the command with what is new and all that stays; raises Misused `no_such_field`, Refused `bad_id_number`."""
    import msgspec

    from api import correcting
    from api.cli.who import handles
    from ledger.application import OPERATOR, Actor
    from ledger.base import Command
    from ledger.errors import Refused
    from ledger.ids import UNIT, prefix_of
    from ledger.parties.commands import ChangeContact, ContactWords, CorrectDetails, PersonWords
    from ledger.telling_numbers import valid_id_number

    held = correcting.held_of(store, frame.ledger, subject)
    if changed.get("id_number") and not valid_id_number(changed["id_number"]):
        raise Refused("bad_id_number")
    told = {**held.told, **changed}
    command: Command
    if prefix_of(subject) == UNIT:
        told.pop("id_number", None)
        command = ChangeContact(unit_id=subject, words=msgspec.convert(told, ContactWords), seen=held.words)
    else:
        words = msgspec.convert({"name": "", **told}, PersonWords)
        command = CorrectDetails(member_id=subject, words=words, proof=proof, seen=held.words)
        if others := correcting.others_with(store, frame.ledger, changed.get("phone", ""), subject):
            names = ", ".join(sorted(handles(store, frame.ledger, others).values()))
            note(visible(text(frame.lang, "cli.correcting.shared", names=names)))
    done = store.application.execute(frame.ledger, command, actor=Actor(OPERATOR))
    if isinstance(command, CorrectDetails):
        correcting.note(store, frame.ledger, subject, by=OPERATOR)
    return done.position
