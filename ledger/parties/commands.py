"""Commands about members, teams and units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar, Literal, Self

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.errors import Refused
from ledger.ids import maker
from ledger.parties.phones import is_proved

PartyKind = Literal[
    "party_organisation",  # 社区党组织
    "resident_body",  # 居民自治组织
    "property_service",  # 物业服务组织
    "social_organisation",  # 社会组织
    "volunteer_organisation",  # 志愿服务组织
    "public_institution",
    "enterprise",
]
RoleName = Literal[
    "representative",
    "team_leader",
    "community_worker",
    "committee_member",
    "treasurer",
    "host_charity",
    "auditor",
    "administrator",
]
Publication = Literal["wall", "donor"]
ErasureCause = Literal[
    "own_wish",
    "consent_withdrawn",
    "purpose_served",
    "retention_over",
    "unlawful",
    "deceased",
]
"""Why words are destroyed: the cases of PIPL §47, and §49 for who died."""


CorrectionProof = Literal["", "code", "paper", "document"]
"""What shows that a correction is right, see `DetailsCorrected`."""


class PersonWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is personal about a person; never in the journal."""

    name: str
    phone: str = ""
    id_number: str = ""
    address: str = ""


class ContactWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The person to talk to at a unit; never in the journal."""

    name: str = ""
    phone: str = ""
    address: str = ""


class RegisterMember(Command, frozen=True, kw_only=True):
    """Take a person in, by number; a minor names a guardian."""

    NAME: ClassVar[str] = "register_member"
    GENERATED: ClassVar[tuple[str, ...]] = ("member_id",)
    SUBJECT: ClassVar[str] = "member_id"
    member_id: str = field(default_factory=maker("mem"))
    number: str = ""
    place: str | None = None
    team: str | None = None
    unit: str | None = None
    party_member: bool = False
    guardian: str | None = None
    joined_on: date | None = None
    words: PersonWords | None = None


class LeaveCommunity(Command, frozen=True, kw_only=True):
    """A member leaves."""

    NAME: ClassVar[str] = "leave_community"
    member_id: str


class FormTeam(Command, frozen=True, kw_only=True):
    """Form a service team."""

    NAME: ClassVar[str] = "form_team"
    GENERATED: ClassVar[tuple[str, ...]] = ("team_id",)
    team_id: str = field(default_factory=maker("team"))
    kind: PartyKind = "volunteer_organisation"
    name: str
    unit: str | None = None
    place: str | None = None


class JoinTeam(Command, frozen=True, kw_only=True):
    """Let a member's service count for a team."""

    NAME: ClassVar[str] = "join_team"
    member_id: str
    team: str


class LeaveTeam(Command, frozen=True, kw_only=True):
    """End that."""

    NAME: ClassVar[str] = "leave_team"
    member_id: str


class RegisterUnit(Command, frozen=True, kw_only=True):
    """Register a unit; a unified social credit code is checked (GB 32100)."""

    NAME: ClassVar[str] = "register_unit"
    GENERATED: ClassVar[tuple[str, ...]] = ("unit_id",)
    SUBJECT: ClassVar[str] = "unit_id"
    unit_id: str = field(default_factory=maker("unit"))
    kind: PartyKind
    name: str
    code: str = ""
    place: str | None = None
    words: ContactWords | None = None


class GrantRole(Command, frozen=True, kw_only=True):
    """Appoint somebody; representatives and team leaders for one unit or team."""

    NAME: ClassVar[str] = "grant_role"
    holder: str
    role: RoleName
    scope: str = ""


class RevokeRole(Command, frozen=True, kw_only=True):
    """End an appointment."""

    NAME: ClassVar[str] = "revoke_role"
    holder: str
    role: RoleName
    scope: str = ""


class RegisterProxy(Command, frozen=True, kw_only=True):
    """Let one member act for another."""

    NAME: ClassVar[str] = "register_proxy"
    principal: str
    proxy: str


class EndProxy(Command, frozen=True, kw_only=True):
    """End that."""

    NAME: ClassVar[str] = "end_proxy"
    principal: str
    proxy: str


class AgreeToPublication(Command, frozen=True, kw_only=True):
    """Agree to be named on the wall or as a donor."""

    NAME: ClassVar[str] = "agree_to_publication"
    member_id: str
    where: Publication


class WithdrawPublication(Command, frozen=True, kw_only=True):
    """Take the consent back; `hidden` leaves the wall altogether."""

    NAME: ClassVar[str] = "withdraw_publication"
    member_id: str
    where: Publication
    hidden: bool = False


class CorrectDetails(Command, frozen=True, kw_only=True):
    """Correct or complete a member's name, phone, ID number and address (PIPL §46); `words` are all of them as they are now.

    `seen` is the commitment to the words that the author looked at: nobody overwrites what another changed meanwhile.
    A new phone counts once a code that was sent to it is entered (`mark`), or somebody at the desk has seen a proof.
    """

    NAME: ClassVar[str] = "correct_details"
    SUBJECT: ClassVar[str] = "member_id"
    member_id: str
    words: PersonWords
    proof: CorrectionProof = ""
    seen: str = ""
    mark: str = ""

    def checked(self, blind: Callable[[str, bytes], str], now_at: int) -> Self:
        """See `Command.checked`; raises Refused `phone_unproved` for a phone to which no code was sent just now."""
        if self.proof == "code" and not is_proved(blind, self.member_id, self.words.phone, self.mark, now_at):
            raise Refused("phone_unproved", field="words.phone")
        return self


class ChangeContact(Command, frozen=True, kw_only=True):
    """Say who is to be talked to at a unit now; `words` are name, phone and address, `seen` as in `CorrectDetails`."""

    NAME: ClassVar[str] = "change_contact"
    SUBJECT: ClassVar[str] = "unit_id"
    unit_id: str
    words: ContactWords
    seen: str = ""


class ErasePersonalData(Command, frozen=True, kw_only=True):
    """Destroy all words about a person or unit, or those of one request, receipt, grant or call-out (PIPL §47).

    A member who is still here leaves by it: what they hold is handed back, what they asked for is withdrawn. Hours and
    money stay as they are, without a name.
    """

    NAME: ClassVar[str] = "erase_personal_data"
    subject: str
    cause: ErasureCause = "own_wish"
