"""Facts of resources: what parties could give, and the deals by which it goes to a need or is bartered for a service."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("resource.listed@1")
class ResourceListed(Fact, frozen=True, kw_only=True):
    """A party could give something: goods, a venue, a skill, land or time, so much of it, here, from day to day.

    `measure` is what it is counted in: pcs, mu, sqm, min or turns; an item in another measure is another thing.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("resource_id", "owner")
    resource_id: str
    owner: str
    kind: str
    item: str
    measure: str
    quantity: int
    category: str = ""
    place: str | None = None
    from_day: date
    until_day: date | None = None
    day: date


@fact("resource.withdrawn@1")
class ResourceWithdrawn(Fact, frozen=True, kw_only=True):
    """What nobody was promised yet is taken back; no new deal is made from it."""

    TAGS: ClassVar[tuple[str, ...]] = ("resource_id", "owner")
    resource_id: str
    owner: str
    item: str
    measure: str
    quantity: int


@fact("resource.deal_proposed@1")
class DealProposed(Fact, frozen=True, kw_only=True):
    """Somebody thinks it fits: a resource for a need (对接), or for a service in return (资源换服务).

    Holds nothing yet. `side` is the side that accepts by proposing; "" where it was neither. What comes in return, if
    anything does, is in the fields `back_…`.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id", "resource_id", "request_id")
    deal_id: str
    resource_id: str
    request_id: str | None = None
    owner: str
    partner: str
    item: str
    measure: str
    quantity: int
    back_item: str | None = None
    back_measure: str | None = None
    back_quantity: int = 0
    due_day: date
    side: str = ""
    proposed_by: str
    day: date


@fact("resource.deal_accepted@1")
class DealAccepted(Fact, frozen=True, kw_only=True):
    """One side, `owner` or `partner`, says yes."""

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id",)
    deal_id: str
    side: str
    accepted_by: str
    day: date


@fact("resource.deal_agreed@1")
class DealAgreed(Fact, frozen=True, kw_only=True):
    """Both sides said yes: so much of the resource is promised, and what comes in return is owed, until the due day."""

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id", "resource_id", "request_id", "owner", "partner")
    deal_id: str
    resource_id: str
    request_id: str | None = None
    owner: str
    partner: str
    item: str
    measure: str
    quantity: int
    back_item: str | None = None
    back_measure: str | None = None
    back_quantity: int = 0
    due_day: date
    day: date


@fact("resource.deal_declined@1")
class DealDeclined(Fact, frozen=True, kw_only=True):
    """A proposal comes to nothing; no promise is broken by that."""

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id", "resource_id", "request_id")
    deal_id: str
    resource_id: str
    request_id: str | None = None
    reason: str
    declined_by: str
    day: date


@fact("resource.deal_delivered@1")
class DealDelivered(Fact, frozen=True, kw_only=True):
    """Part or all of what one side owes arrived: leg `out` is the resource, `back` the service in return.

    Confirmed by somebody who does not speak for the giver.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id", "resource_id", "request_id")
    deal_id: str
    resource_id: str
    request_id: str | None = None
    leg: str
    giver: str
    receiver: str
    item: str
    measure: str
    quantity: int
    place: str | None = None
    accepted_by: str
    day: date


@fact("resource.deal_settled@1")
class DealSettled(Fact, frozen=True, kw_only=True):
    """All that was owed arrived, on both sides: both kept their word."""

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id", "resource_id", "request_id", "owner", "partner")
    deal_id: str
    resource_id: str
    request_id: str | None = None
    owner: str
    partner: str
    barter: bool
    day: date


@fact("resource.deal_failed@1")
class DealFailed(Fact, frozen=True, kw_only=True):
    """A deal ends before all arrived; what is `short` goes back. `broken_by`: the parties that broke their word.

    `reason` is `overdue` where the due day passed, else what was said by hand.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id", "resource_id", "request_id", "owner", "partner")
    deal_id: str
    resource_id: str
    request_id: str | None = None
    owner: str
    partner: str
    item: str
    measure: str
    short: int
    back_item: str | None = None
    back_measure: str | None = None
    back_short: int = 0
    broken_by: tuple[str, ...] = ()
    reason: str
    ended_by: str
    day: date


@fact("resource.deal_became_project@1")
class DealBecameProject(Fact, frozen=True, kw_only=True):
    """A need and a resource that met go onto the list of projects: the request of that kind which carries them out."""

    TAGS: ClassVar[tuple[str, ...]] = ("deal_id", "resource_id", "project")
    deal_id: str
    resource_id: str
    project: str
    begun_by: str
    day: date
