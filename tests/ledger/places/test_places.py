"""A ledger opens once with its rules; places hang below wider ones; requests come in by points."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, Refused
from ledger.parties.facts import RoleGranted
from ledger.places.commands import AddPlace, CloseIntakePoint, OpenIntakePoint, OpenLedger
from ledger.places.facts import IntakePointClosed, IntakePointOpened, LedgerOpened, PlaceAdded
from ledger.places.state import TIERS, IntakePoint, Opening, Place
from ledger.policy.facts import PolicySet
from ledger.policy.state import DEFAULTS, SINCE_EVER
from tests.ledger.cast import HOUSE, OPERATOR, PLACES, YARD
from tests.ledger.given import Outcome, given

OPEN = OpenLedger(name="方兴社区")
OPENED = LedgerOpened(name="方兴社区", zone="Asia/Shanghai", operator=OPERATOR)


def ask(command: Any, *before: Fact) -> Outcome:
    """Whoever keeps the ledger asks."""
    return given(*before).when(command, actor=OPERATOR, role="administrator")


def test_a_ledger_opens_with_its_rules_and_its_operators_roles() -> None:
    outcome = (
        ask(OPEN)
        .looking_at("ledger")
        .then(
            OPENED,
            *(PolicySet(name=name, value=value, from_day=SINCE_EVER) for name, value in DEFAULTS.items()),
            *(
                RoleGranted(holder=OPERATOR, role=role, granted_by=OPERATOR)
                for role in ("administrator", "community_worker", "treasurer")
            ),
        )
    )
    assert outcome.state(Opening, "ledger").opened == OPENED


def test_another_service_may_be_the_operator() -> None:
    facts = ask(replace(OPEN, operator="svc_street", zone="Asia/Urumqi", name=" 惠济桥 ")).facts
    assert facts[0] == LedgerOpened(name="惠济桥", zone="Asia/Urumqi", operator="svc_street")
    assert facts[-1] == RoleGranted(holder="svc_street", role="treasurer", granted_by=OPERATOR)


def test_a_ledger_opens_once() -> None:
    ask(OPEN, OPENED).refused("ledger_open", Conflict)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": ""}, "bad_name"),
        ({"name": "x" * 61}, "bad_name"),
        ({"zone": "Asia/Nowhere"}, "no_such_zone"),
        ({"zone": ""}, "no_such_zone"),
        ({"zone": "../etc/passwd"}, "no_such_zone"),
        ({"operator": "mem_wang"}, "bad_id"),
        ({"operator": ""}, "bad_id"),
    ],
)
def test_a_ledger_has_a_name_a_time_zone_and_an_operator(changed: dict[str, Any], code: str) -> None:
    ask(replace(OPEN, **changed)).refused(code, Refused)


# ---- the tree ------------------------------------------------------------------------------------------------------

ADD = AddPlace(place_id="place_new", kind="building", name="8号楼", parent=YARD)


def test_a_place_hangs_below_its_parent() -> None:
    outcome = ask(ADD, *PLACES).then(PlaceAdded(place_id="place_new", kind="building", name="8号楼", parent=YARD))
    place = outcome.state(Place, "place_new")
    assert (place.kind, place.parent) == ("building", YARD)


def test_a_tree_has_a_top() -> None:
    ask(replace(ADD, kind="street", parent=None)).then(PlaceAdded(place_id="place_new", kind="street", name="8号楼"))


@pytest.mark.parametrize("above", TIERS)
@pytest.mark.parametrize("kind", TIERS)
def test_a_place_is_of_a_narrower_tier_than_its_parent(above: str, kind: Any) -> None:
    parent = PlaceAdded(place_id="place_above", kind=above, name="上")
    outcome = ask(replace(ADD, kind=kind, parent="place_above"), parent)
    if TIERS.index(above) < TIERS.index(kind):
        assert outcome.facts
    else:
        outcome.refused("wrong_tier", Refused, kind=kind, parent=above)


def test_the_tiers_are_those_of_the_article() -> None:
    assert TIERS == ("street", "community", "grid", "courtyard", "building")


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"parent": "place_nowhere"}, "no_such_place", NotFound),
        ({"place_id": HOUSE}, "place_exists", Conflict),
        ({"place_id": "policy"}, "bad_id", Refused),
        ({"name": "a\u202eb"}, "bad_name", Refused),
        ({"name": "x" * 61}, "bad_name", Refused),
    ],
)
def test_a_place_is_new_named_and_below_something(changed: dict[str, Any], code: str, kind: type) -> None:
    ask(replace(ADD, **changed), *PLACES).refused(code, kind)


# ---- where requests come in ----------------------------------------------------------------------------------------

POINT = OpenIntakePoint(point_id="pt_1", channel="qr", label="7号楼楼梯口", place=HOUSE)
OPENED_POINT = IntakePointOpened(point_id="pt_1", channel="qr", label="7号楼楼梯口", place=HOUSE)
CLOSE = CloseIntakePoint(point_id="pt_1")
CLOSED_POINT = IntakePointClosed(point_id="pt_1")


def test_a_point_opens_and_closes() -> None:
    opened = ask(POINT, *PLACES).then(OPENED_POINT).state(IntakePoint, "pt_1")
    assert (opened.channel, opened.place, opened.closed) == ("qr", HOUSE, False)
    assert ask(CLOSE, OPENED_POINT).then(CLOSED_POINT).state(IntakePoint, "pt_1").closed


def test_a_point_may_be_nowhere_in_particular() -> None:
    assert ask(replace(POINT, place=None)).facts


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"label": ""}, "bad_name", Refused),
        ({"label": "x" * 61}, "bad_name", Refused),
        ({"point_id": "policy"}, "bad_id", Refused),
    ],
)
def test_a_point_is_named_and_somewhere(changed: dict[str, Any], code: str, kind: type) -> None:
    ask(replace(POINT, **changed), *PLACES).refused(code, kind)


def test_a_refusal_names_the_label() -> None:
    ask(replace(POINT, label=""), *PLACES).refused("bad_name", Refused, field="label")


def test_a_point_is_opened_once() -> None:
    ask(POINT, *PLACES, OPENED_POINT).refused("point_exists", Conflict)
    ask(POINT, *PLACES, OPENED_POINT, CLOSED_POINT).refused("point_exists", Conflict)


def test_a_point_is_closed_once() -> None:
    ask(CLOSE).refused("no_such_point", NotFound)
    ask(CLOSE, OPENED_POINT, CLOSED_POINT).refused("point_closed", Conflict)
