"""Commands that fill a ledger: `demo` with an invented community, `import` with a community's own sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.cli.frame import Frame
from api.cli.output import print_json, print_table, progress_bar

if TYPE_CHECKING:
    from api.demo import SignIn
    from api.store import Store


def demo(frame: Frame) -> None:
    """Fill the ledger with the invented community and say who may sign in. Run again, it adds what is missing: nothing."""
    with frame.store() as store:
        from api import demo as community
        from projections.books.queries import as_of

        with progress_bar(frame.say("said.filling", ledger=frame.ledger)) as progress:
            community.fill(store, frame.ledger, progress=progress)
        who = community.sign_ins(store, frame.ledger)
        position = as_of(store.database, frame.ledger).position
    if frame.as_json:
        print_json({"ledger": frame.ledger, "position": position, "sign_ins": [_sign_in(one) for one in who]})
    else:
        print_sign_ins(frame, who)


def known_sign_ins(frame: Frame, store: Store) -> list[SignIn]:
    """Who may sign in to the demo in this store; nobody where it was never filled here, so that no token is made."""
    from api import demo as community

    return community.sign_ins(store, frame.ledger) if community.token_file(store).exists() else []


def print_sign_ins(frame: Frame, who: list[SignIn]) -> None:
    """The table of those who may sign in, with their tokens."""
    headings = [frame.say(f"heading.{name}") for name in ("name", "role", "token")]
    rows = [(one.name, frame.say(f"role.{one.role}"), one.token) for one in who]
    print_table(frame.say("said.sign_ins"), headings, rows)


def _sign_in(one: SignIn) -> dict[str, Any]:
    return {"name": one.name, "role": one.role, "member": one.member_id, "token": one.token}
