"""Who may give which command. The application lets nobody else through; where the table is wide, decisions ask more."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest
from msgspec.structs import replace

from ledger.base import Command, Right
from ledger.honours.commands import AwardPlaque, RevokePlaque
from ledger.hours import commands as hours
from ledger.parties import commands as parties
from ledger.places import commands as places
from ledger.policy.commands import SetPolicy
from ledger.requests import commands as requests
from tests.ledger.given import rule_of

AREAS = ("funds", "honours", "hours", "parties", "partners", "places", "policy", "requests")

WORKER, SYSTEM = frozenset({"community_worker"}), frozenset({"community_worker", "administrator"})
ADMINISTRATOR, POOL = frozenset({"administrator"}), frozenset({"community_worker", "committee_member"})
NOBODY: frozenset[str] = frozenset()


def right(roles: frozenset[str], *own: str, anybody: bool = False) -> Right:
    """Holders of roles, those to whom a field belongs, and perhaps every member."""
    return Right(roles=roles, own=own, anybody=anybody)


RIGHTS: dict[type[Command], Right] = {
    hours.RecordSession: right(WORKER, "volunteer", "in_charge"),
    hours.DepositSession: right(WORKER),
    hours.VerifySession: right(WORKER),
    hours.RejectSession: right(WORKER),
    hours.RequestCorrection: right(WORKER, "volunteer"),
    hours.ApproveCorrection: right(WORKER),
    hours.RefuseCorrection: right(WORKER),
    hours.GiveHours: right(WORKER, "giver"),
    hours.DonateHours: right(WORKER, "giver"),
    hours.GrantFromPool: right(POOL),
    hours.ReserveHours: right(WORKER, "member"),
    hours.SettleReservation: right(WORKER, anybody=True),
    hours.ReleaseReservation: right(WORKER, anybody=True),
    hours.ExpireReservation: right(SYSTEM),
    hours.LapseHours: right(SYSTEM),
    hours.IssueCertificate: right(WORKER, "member"),
    requests.PostRequest: right(WORKER, "requester"),
    requests.PublishRequest: right(WORKER, anybody=True),
    requests.DeclineRequest: right(WORKER, anybody=True),
    requests.ClaimRequest: right(NOBODY, "claimant", anybody=True),
    requests.ReleaseClaim: right(WORKER, "claimant", anybody=True),
    requests.LapseClaim: right(SYSTEM),
    requests.FulfilRequest: right(NOBODY, "claimant", anybody=True),
    requests.CloseRequest: right(NOBODY, "requester", anybody=True),
    requests.ReopenRequest: right(NOBODY, "requester", anybody=True),
    requests.DeclareUnmet: right(WORKER, anybody=True),
    requests.WithdrawRequest: right(NOBODY, "requester"),
    requests.RecordPastRequest: right(WORKER),
    places.OpenLedger: right(NOBODY),
    places.AddPlace: right(SYSTEM),
    places.OpenIntakePoint: right(SYSTEM),
    places.CloseIntakePoint: right(SYSTEM),
    parties.RegisterMember: right(SYSTEM),
    parties.LeaveCommunity: right(SYSTEM, "member_id"),
    parties.FormTeam: right(SYSTEM),
    parties.JoinTeam: right(SYSTEM, "team"),
    parties.LeaveTeam: right(SYSTEM, "member_id"),
    parties.RegisterUnit: right(SYSTEM),
    parties.GrantRole: right(ADMINISTRATOR),
    parties.RevokeRole: right(ADMINISTRATOR),
    parties.RegisterProxy: right(SYSTEM, "principal"),
    parties.EndProxy: right(SYSTEM, "principal", "proxy"),
    parties.AgreeToPublication: right(WORKER, "member_id"),
    parties.WithdrawPublication: right(WORKER, "member_id"),
    parties.CorrectDetails: right(SYSTEM, "member_id"),
    parties.ChangeContact: right(SYSTEM, "unit_id"),
    parties.ErasePersonalData: right(SYSTEM, "subject"),
    SetPolicy: right(ADMINISTRATOR),
    AwardPlaque: right(WORKER),
    RevokePlaque: right(WORKER),
}


@pytest.mark.parametrize("command", RIGHTS, ids=lambda command: command.NAME)
def test_who_may(command: type[Command]) -> None:
    assert replace(rule_of(command).right, at=()) == RIGHTS[command]


def commands_of(module: ModuleType) -> set[type[Command]]:
    """The named commands that a module defines."""
    return {
        kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Command) and kind.NAME
    }


@pytest.mark.parametrize("area", AREAS)
def test_every_command_of_an_area_is_decided_by_it(area: str) -> None:
    commands = commands_of(importlib.import_module(f"ledger.{area}.commands"))
    assert commands
    assert importlib.import_module(f"ledger.{area}.decisions").RULES.keys() == commands


def test_no_two_commands_have_one_name() -> None:
    names = [kind.NAME for area in AREAS for kind in commands_of(importlib.import_module(f"ledger.{area}.commands"))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("command", RIGHTS, ids=lambda command: command.NAME)
def test_a_right_names_fields_of_its_command(command: type[Command]) -> None:
    assert {*rule_of(command).right.own, *command.GENERATED} <= set(command.__struct_fields__)


@pytest.mark.parametrize("command", RIGHTS, ids=lambda command: command.NAME)
def test_whoever_sends_words_says_whose_they_are(command: type[Command]) -> None:
    if "words" in command.__struct_fields__:
        assert command.SUBJECT in command.__struct_fields__
