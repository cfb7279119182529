"""Commands of services, need groups and opening grants."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import field

from ledger.base import Command
from ledger.hours.commands import Note
from ledger.ids import maker

Charge = Literal["free", "low_cost", "paid"]
"""无偿 · 低偿 · 有偿"""


class DeclareService(Command, frozen=True, kw_only=True):
    """Offer a service to be reserved, and say whether it is free, low-cost or paid.

    `minutes` it takes, and what it costs in hours where it is free; of a low-cost one policy's share of them; `price_fen`
    for the others.
    """

    NAME: ClassVar[str] = "declare_service"
    GENERATED: ClassVar[tuple[str, ...]] = ("service_id",)
    service_id: str = field(default_factory=maker("srv"))
    provider: str
    name: str
    charge: Charge
    minutes: int
    price_fen: int = 0
    place: str | None = None


class WithdrawService(Command, frozen=True, kw_only=True):
    """Offer it no more."""

    NAME: ClassVar[str] = "withdraw_service"
    service_id: str
    provider: str


class ReserveService(Command, frozen=True, kw_only=True):
    """Reserve a service; what it costs in hours is set aside."""

    NAME: ClassVar[str] = "reserve_service"
    GENERATED: ClassVar[tuple[str, ...]] = ("reservation_id",)
    SUBJECT: ClassVar[str] = "member"
    reservation_id: str = field(default_factory=maker("rsv"))
    service_id: str
    member: str
    words: Note | None = None


class PerformService(Command, frozen=True, kw_only=True):
    """Say that it was done: by whoever speaks or works for the provider. `performer`: the member who gave the time."""

    NAME: ClassVar[str] = "perform_service"
    reservation_id: str
    performer: str | None = None
    start_at: int
    end_at: int


class ConfirmService(Command, frozen=True, kw_only=True):
    """Confirm that it was done: the member, a proxy, or a worker who had no part in it."""

    NAME: ClassVar[str] = "confirm_service"
    reservation_id: str


class ContestService(Command, frozen=True, kw_only=True):
    """Say that it was not done after all."""

    NAME: ClassVar[str] = "contest_service"
    SUBJECT: ClassVar[str] = "member"
    reservation_id: str
    member: str
    words: Note | None = None


class CancelService(Command, frozen=True, kw_only=True):
    """Cancel what was not done yet: the member, the provider, or a worker."""

    NAME: ClassVar[str] = "cancel_service"
    reservation_id: str


class ExpireService(Command, frozen=True, kw_only=True):
    """At the deadline: release what was not done, settle what was done and not contested."""

    NAME: ClassVar[str] = "expire_service"
    reservation_id: str


class OpenNeedGroup(Command, frozen=True, kw_only=True):
    """Name a group whom the community helps first."""

    NAME: ClassVar[str] = "open_need_group"
    GENERATED: ClassVar[tuple[str, ...]] = ("group_id",)
    group_id: str = field(default_factory=maker("grp"))
    name: str


class AskForNeed(Command, frozen=True, kw_only=True):
    """Ask that a member be taken into a need group."""

    NAME: ClassVar[str] = "ask_for_need"
    GENERATED: ClassVar[tuple[str, ...]] = ("need_id",)
    SUBJECT: ClassVar[str] = "member"
    need_id: str = field(default_factory=maker("need"))
    group_id: str
    member: str
    words: Note | None = None


class AdmitNeed(Command, frozen=True, kw_only=True):
    """Take the member in; never by who asked for it."""

    NAME: ClassVar[str] = "admit_need"
    need_id: str


class EndNeed(Command, frozen=True, kw_only=True):
    """Decline it, or end it."""

    NAME: ClassVar[str] = "end_need"
    need_id: str
    reason: Literal["not_in_need", "no_longer_in_need", "own_wish", "left"]


class OpenSource(Command, frozen=True, kw_only=True):
    """Put minutes into a named source of opening grants for one need group, `most_minutes` for each member."""

    NAME: ClassVar[str] = "open_source"
    GENERATED: ClassVar[tuple[str, ...]] = ("source_id",)
    source_id: str = field(default_factory=maker("src"))
    group_id: str
    name: str
    minutes: int
    most_minutes: int


class GrantOpening(Command, frozen=True, kw_only=True):
    """Let a member of the group begin with minutes of the source."""

    NAME: ClassVar[str] = "grant_opening"
    GENERATED: ClassVar[tuple[str, ...]] = ("opening_id",)
    opening_id: str = field(default_factory=maker("open"))
    source_id: str
    receiver: str
    minutes: int
