"""Signing in: every page that needs no ticket of a step before; those that do are walked in `tests.pages.signin`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.signin import cards, links, passwords, second
from ledger.application import OPERATOR
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World


def prepare(world: World) -> None:
    """A card for the volunteer, a password for the worker, a link that waits for the treasurer."""
    store, people = world.store, world.people
    people["card_secret"] = cards.issue(store, world.ledger, people["volunteer"], by=people["worker"]).secret
    people["begin_secret"] = links.create(store, world.ledger, people["treasurer"], by=OPERATOR)
    with store.database.writing() as cursor:
        passwords.set_up(
            store, cursor, world.ledger, people["worker"], hashed=passwords.hash_of("梧桐树下第三张长椅"),
            totp=second.new_totp(), step=0,
        )  # fmt: skip
        second.new_recovery(store, cursor, world.ledger, people["worker"])


PAGES = (
    Seen("sign-in-after", "/sign-in?ledger=fangxing&after=/fangxing/board"),
    Seen("sign-in-code", "/sign-in/code?ledger=fangxing", status=303),
    Seen("sign-in-who", "/sign-in/who?ledger=fangxing", status=303),
    Seen("sign-in-staff", "/sign-in/staff?ledger=fangxing"),
    Seen("sign-in-second", "/sign-in/second?ledger=fangxing", status=303),
    Seen("card", "card/{card_secret}"),
    Seen("card-over", "card/nothing", status=401),
    Seen("card-desk", "members/{volunteer}/card", "worker"),
    Seen("card-desk-stranger", "members/{volunteer}/card", "volunteer", status=404),
    Seen("begin", "begin/{begin_secret}"),
    Seen("begin-over", "begin/nothing", status=404),
    Seen("set-up", "set-up", status=303),
    Seen("prove", "prove", "administrator", status=303),
    Seen("staff", "staff", "administrator"),
    Seen("staff-stranger", "staff", "worker", status=404),
    Seen("sign-ins", "sign-ins", "volunteer"),
    Seen("sign-ins-worker", "sign-ins", "worker"),
    Seen("sign-ins-nobody", "sign-ins", status=303),
    Seen("password", "password", "worker"),
    Seen("password-none", "password", "volunteer", status=404),
    Seen("recovery", "recovery", "worker"),
)
