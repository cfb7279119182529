"""Facts about members, teams and units. Names of organisations are public; everything of a person is in the vault."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("party.member_registered@1")
class MemberRegistered(Fact, frozen=True, kw_only=True):
    """A person joined, known by a number; `words` commits to name, phone, ID number and address."""

    TAGS: ClassVar[tuple[str, ...]] = ("member_id",)
    member_id: str
    number: str = ""
    place: str | None = None
    team: str | None = None
    unit: str | None = None
    party_member: bool = False
    guardian: str | None = None
    joined_on: date
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """A member's number is unique in the ledger."""
        return (f"num_{self.number}",) if self.number else ()


@fact("party.member_left@1")
class MemberLeft(Fact, frozen=True, kw_only=True):
    """A member left: keeps what is booked, acts no more."""

    TAGS: ClassVar[tuple[str, ...]] = ("member_id",)
    member_id: str


@fact("party.team_formed@1")
class TeamFormed(Fact, frozen=True, kw_only=True):
    """A service team, of one of the kinds of party, perhaps of a unit."""

    TAGS: ClassVar[tuple[str, ...]] = ("team_id", "unit")
    LATER_TAGS: ClassVar[tuple[str, ...]] = ("unit",)
    team_id: str
    kind: str
    name: str
    unit: str | None = None
    place: str | None = None


@fact("party.team_joined@1")
class TeamJoined(Fact, frozen=True, kw_only=True):
    """From now on the member's service counts for this team (and its unit)."""

    TAGS: ClassVar[tuple[str, ...]] = ("member_id",)
    member_id: str
    team: str
    unit: str | None = None


@fact("party.team_left@1")
class TeamLeft(Fact, frozen=True, kw_only=True):
    """The member's later service counts for no team."""

    TAGS: ClassVar[tuple[str, ...]] = ("member_id",)
    member_id: str
    team: str


@fact("party.unit_registered@1")
class UnitRegistered(Fact, frozen=True, kw_only=True):
    """A unit of one of the five kinds of party (M3) or a partner of another kind."""

    TAGS: ClassVar[tuple[str, ...]] = ("unit_id",)
    unit_id: str
    kind: str
    name: str
    code: str = ""
    place: str | None = None
    words: str = ""


@fact("party.role_granted@1")
class RoleGranted(Fact, frozen=True, kw_only=True):
    """Somebody holds a role, perhaps for one unit, team, fund or place only."""

    holder: str
    role: str
    scope: str = ""
    granted_by: str

    def more_tags(self) -> tuple[str, ...]:
        """Roles have a tag of their own, so that acting reads few facts."""
        return (f"role_{self.holder}",)


@fact("party.role_revoked@1")
class RoleRevoked(Fact, frozen=True, kw_only=True):
    """The role ends."""

    holder: str
    role: str
    scope: str = ""
    revoked_by: str

    def more_tags(self) -> tuple[str, ...]:
        """See `RoleGranted`."""
        return (f"role_{self.holder}",)


@fact("party.proxy_registered@1")
class ProxyRegistered(Fact, frozen=True, kw_only=True):
    """`proxy` may act for `principal`, and is always shown as such."""

    principal: str
    proxy: str

    def more_tags(self) -> tuple[str, ...]:
        """Read when the proxy acts."""
        return (f"role_{self.proxy}", self.principal)


@fact("party.proxy_ended@1")
class ProxyEnded(Fact, frozen=True, kw_only=True):
    """The proxy may act no more."""

    principal: str
    proxy: str

    def more_tags(self) -> tuple[str, ...]:
        """See `ProxyRegistered`."""
        return (f"role_{self.proxy}", self.principal)


ERASURES = "erasures"
"""The tag of every fact that takes words out of a vault: whoever empties one finds them all without reading the journal."""


@fact("party.details_corrected@1")
class DetailsCorrected(Fact, frozen=True, kw_only=True):
    """A member's name, phone, ID number and address are as `words` commits to now (PIPL §46).

    What `before` committed to is destroyed because of this fact; "" where there was nothing. `proof` is `code` (sent to the
    new phone and entered), `paper` (a signed request is in the file), `document` (shown at the desk); "" where the member
    is signed in and the phone stays as it was.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("member_id",)
    member_id: str
    before: str
    proof: str
    words: str

    def more_tags(self) -> tuple[str, ...]:
        """See `ERASURES`."""
        return (ERASURES,)


@fact("party.contact_changed@1")
class ContactChanged(Fact, frozen=True, kw_only=True):
    """The person to talk to at a unit is the one `words` commits to now; `before` as in `DetailsCorrected`."""

    TAGS: ClassVar[tuple[str, ...]] = ("unit_id",)
    unit_id: str
    before: str
    words: str

    def more_tags(self) -> tuple[str, ...]:
        """See `ERASURES`."""
        return (ERASURES,)


@fact("party.erasure_asked@1")
class ErasureAsked(Fact, frozen=True, kw_only=True):
    """The first of two keepers asked that the words about somebody be destroyed (policy `privacy.erasers`)."""

    TAGS: ClassVar[tuple[str, ...]] = ("subject",)
    subject: str
    cause: str
    asked_by: str


@fact("party.personal_data_erased@1")
class PersonalDataErased(Fact, frozen=True, kw_only=True):
    """The words about a person, unit, team, or about one request, receipt, grant or call are destroyed (PIPL §47).

    The vault is emptied because of this fact and after it, again and again where an old copy of a vault comes back.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("subject",)
    subject: str
    cause: str
    asked_by: str

    def more_tags(self) -> tuple[str, ...]:
        """See `ERASURES`."""
        return (ERASURES,)


@fact("party.publication_agreed@1")
class PublicationAgreed(Fact, frozen=True, kw_only=True):
    """The person agrees to be named in public, on the honour wall or as a donor (PIPL §25: separate consent)."""

    TAGS: ClassVar[tuple[str, ...]] = ("member_id",)
    member_id: str
    where: str


@fact("party.publication_withdrawn@1")
class PublicationWithdrawn(Fact, frozen=True, kw_only=True):
    """The person does not want to be named any more; `hidden` also takes the masked row from the wall."""

    TAGS: ClassVar[tuple[str, ...]] = ("member_id",)
    member_id: str
    where: str
    hidden: bool = False
