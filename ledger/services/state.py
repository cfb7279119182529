"""What decisions about services, need groups and opening grants need to know."""

from __future__ import annotations

from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import NotFound
from ledger.services import facts


class Service(State, frozen=True, kw_only=True):
    """One declared service (tag: its id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.ServiceDeclared, facts.ServiceWithdrawn})
    declared: facts.ServiceDeclared | None = None
    withdrawn: bool = False

    def evolve(self, happened: Fact) -> Self:
        """A service is declared once, and withdrawn for good."""
        match happened:
            case facts.ServiceDeclared():
                return replace(self, declared=happened)
            case facts.ServiceWithdrawn():
                return replace(self, withdrawn=True)
        return self


class ServiceReservation(State, frozen=True, kw_only=True):
    """One reservation of a service (tag: its id)."""

    status: str = ""
    """"" · reserved · performed · settled · cancelled"""
    made: facts.ServiceReserved | None = None
    performed: facts.ServicePerformed | None = None

    def evolve(self, happened: Fact) -> Self:
        """Follows the reservation's life."""
        match happened:
            case facts.ServiceReserved():
                return replace(self, status="reserved", made=happened)
            case facts.ServicePerformed():
                return replace(self, status="performed", performed=happened)
            case facts.PerformanceContested():
                return replace(self, status="reserved", performed=None)
            case facts.ServiceSettled():
                return replace(self, status="settled")
            case facts.ServiceCancelled():
                return replace(self, status="cancelled")
        return self


class NeedGroup(State, frozen=True, kw_only=True):
    """One need group (tag: its id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.NeedGroupOpened})
    opened: facts.NeedGroupOpened | None = None

    def evolve(self, happened: Fact) -> Self:
        """A group is opened once."""
        return replace(self, opened=happened) if isinstance(happened, facts.NeedGroupOpened) else self


class Need(State, frozen=True, kw_only=True):
    """One member's belonging to a need group (tag: its id)."""

    status: str = ""
    """"" · asked · admitted · ended"""
    asked: facts.NeedAsked | None = None

    def evolve(self, happened: Fact) -> Self:
        """Follows asking, admission and end."""
        match happened:
            case facts.NeedAsked():
                return replace(self, status="asked", asked=happened)
            case facts.NeedAdmitted():
                return replace(self, status="admitted")
            case facts.NeedEnded():
                return replace(self, status="ended")
        return self


class Needs(State, frozen=True, kw_only=True):
    """The need groups a member is in (tag: the member's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.NeedAdmitted, facts.NeedEnded})
    admitted: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Follows admission and end."""
        match happened:
            case facts.NeedAdmitted():
                return replace(self, admitted=self.admitted | {happened.group_id})
            case facts.NeedEnded():
                return replace(self, admitted=self.admitted - {happened.group_id})
        return self


class Source(State, frozen=True, kw_only=True):
    """One source of opening grants (tag: its id)."""

    LONG: ClassVar[bool] = True
    opened: facts.SourceOpened | None = None
    left_minutes: int = 0
    receivers: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Follows what it had and to whom it went."""
        match happened:
            case facts.SourceOpened():
                return replace(self, opened=happened, left_minutes=happened.minutes)
            case facts.OpeningGranted():
                left = self.left_minutes - happened.minutes
                return replace(self, left_minutes=left, receivers=self.receivers | {happened.receiver})
        return self


class Opening(State, frozen=True, kw_only=True):
    """Whether an id of an opening grant is in use (tag: that id)."""

    granted: bool = False

    def evolve(self, happened: Fact) -> Self:
        """A grant is made once."""
        return replace(self, granted=True) if isinstance(happened, facts.OpeningGranted) else self


def need_service(view: View, service_id: str) -> tuple[Service, facts.ServiceDeclared]:
    """The service, withdrawn or not; raises NotFound `no_such_service`."""
    service = view.state(Service, service_id)
    if service.declared is None:
        raise NotFound("no_such_service", service=service_id)
    return service, service.declared


def need_group(view: View, group_id: str) -> facts.NeedGroupOpened:
    """The need group; raises NotFound `no_such_group`."""
    opened = view.state(NeedGroup, group_id).opened
    if opened is None:
        raise NotFound("no_such_group", group=group_id)
    return opened
