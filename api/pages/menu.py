"""What leads where: the five tabs of the frame, and everything else that is open to who looks under "more"."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from ledger.ids import PERSON, prefix_of

if TYPE_CHECKING:
    from api.pages.common import Visit

_TABS = 5

STAFF = frozenset({"community_worker", "administrator"})
MONEY = frozenset({"treasurer", "committee_member", "host_charity"})
CHECKING = frozenset({"auditor", "administrator"})


Part = Literal["own", "duty", "open"]
"""One's own affairs, what an office brings with it, what everybody may see."""


class Tab(msgspec.Struct, frozen=True):
    """One way on, as the page shows it."""

    key: str
    icon: str
    label: str
    href: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One way on. Its label is `pages.tab.<key>`; `weight` orders tabs, the lightest first; 0 is only under "more", where
    `part` says under which heading it stands."""

    key: str
    icon: str
    path: Callable[[Visit], str]
    who: Callable[[Visit], bool]
    weight: int = 0
    part: Part = "open"


def everybody(_visit: Visit) -> bool:
    """Whoever looks."""
    return True


def signed_in(visit: Visit) -> bool:
    """Whoever is signed in."""
    return visit.caller.signed_in


def is_member(visit: Visit) -> bool:
    """A member, not a service."""
    return prefix_of(visit.caller.actor) == PERSON


def holds(*roles: str) -> Callable[[Visit], bool]:
    """Whoever holds one of these roles, wherever it counts."""
    return lambda visit: any(visit.caller.roles.has(role) for role in roles)


def speaks_for_a_unit(visit: Visit) -> bool:
    """Representatives of units."""
    return any(role == "representative" for role, _ in visit.caller.roles.held)


def administers(visit: Visit) -> bool:
    """Administrators of the whole community."""
    return ("administrator", "") in visit.caller.roles.held


def _me(visit: Visit) -> str:
    if is_member(visit):
        return visit.url(f"members/{visit.caller.actor}")
    return f"/sign-in?ledger={visit.ledger}"


def _own(page: str) -> Callable[[Visit], str]:
    """A page of the member who looks."""
    return lambda visit: visit.url(f"members/{visit.caller.actor}/{page}")


def _unit(visit: Visit) -> str:
    units = sorted(scope for role, scope in visit.caller.roles.held if role == "representative")
    return visit.url(f"units/{units[0]}" if units else "units")


_COMMITTEE, _TREASURY = holds("committee_member", "host_charity"), holds("treasurer", "host_charity")

ENTRIES: tuple[Entry, ...] = (
    Entry(key="home", icon="home", path=lambda visit: visit.url(), who=everybody, weight=10),
    Entry(key="board", icon="wish", path=lambda visit: visit.url("board"), who=everybody, weight=30),
    Entry(
        key="me",
        icon="clock",
        path=_me,
        who=lambda visit: is_member(visit) or not signed_in(visit),
        weight=40,
        part="own",
    ),
    Entry(key="shifts", icon="scan", path=lambda visit: visit.url("shifts"), who=is_member, weight=35, part="own"),
    Entry(
        key="shifts_all", icon="scan", path=lambda visit: visit.url("shifts"), who=lambda visit: not is_member(visit)
    ),
    Entry(key="use", icon="gift", path=_own("use"), who=is_member, part="own"),
    Entry(key="certificate", icon="plaque", path=_own("certificate"), who=is_member, part="own"),
    Entry(key="my_data", icon="person", path=lambda visit: f"{_me(visit)}#own", who=is_member, part="own"),
    Entry(key="fund", icon="fund", path=lambda visit: visit.url("funds"), who=everybody, weight=60),
    Entry(key="wall", icon="honour", path=lambda visit: visit.url("wall"), who=everybody, weight=70),
    Entry(key="ask", icon="pen", path=lambda visit: visit.url("ask"), who=signed_in, weight=45, part="own"),
    # To whom nobody has said who they are, the public account is more than a form that asks them first.
    Entry(
        key="ask", icon="pen", path=lambda visit: visit.url("ask"), who=lambda visit: not signed_in(visit), part="own"
    ),
    Entry(key="mine", icon="book", path=lambda visit: visit.url("my-requests"), who=is_member, part="own"),
    Entry(key="proxies", icon="people", path=lambda visit: visit.url("proxies"), who=is_member, part="own"),
    Entry(key="work", icon="check", path=lambda visit: visit.url("work"), who=holds(*STAFF), weight=20, part="duty"),
    Entry(key="verify", icon="plaque", path=lambda visit: visit.url("verify"), who=everybody),
    Entry(key="unit", icon="unit", path=_unit, who=speaks_for_a_unit, weight=25, part="duty"),
    Entry(
        key="units_board",
        icon="paper",
        path=lambda visit: visit.url("units-board"),
        who=speaks_for_a_unit,
        weight=28,
        part="duty",
    ),
    Entry(key="units", icon="unit", path=lambda visit: visit.url("units"), who=everybody),
    Entry(key="signins", icon="lock", path=lambda visit: visit.url("sign-ins"), who=signed_in, part="own"),
    Entry(key="admin", icon="lock", path=lambda visit: visit.url("admin"), who=administers, weight=12, part="duty"),
    Entry(key="staff", icon="key", path=lambda visit: visit.url("staff"), who=administers, part="duty"),
    Entry(
        key="committee",
        icon="people",
        path=lambda visit: visit.url("committee"),
        who=_COMMITTEE,
        weight=15,
        part="duty",
    ),
    Entry(key="treasury", icon="fund", path=lambda visit: visit.url("treasury"), who=_TREASURY, weight=16, part="duty"),
    Entry(key="my-donations", icon="heart", path=lambda visit: visit.url("my-donations"), who=is_member, part="own"),
    Entry(key="calls", icon="pen", path=lambda visit: visit.url("calls"), who=everybody),
    Entry(key="hall", icon="honour", path=lambda visit: visit.url("hall"), who=everybody),
    Entry(key="plaques", icon="plaque", path=lambda visit: visit.url("plaques"), who=everybody),
    Entry(
        key="audit", icon="check", path=lambda visit: visit.url("audit"), who=holds("auditor"), weight=18, part="duty"
    ),
    Entry(
        key="audit_all",
        icon="check",
        path=lambda visit: visit.url("audit"),
        who=lambda visit: holds("administrator")(visit) and not holds("auditor")(visit),
        part="duty",
    ),
    Entry(key="checkpoints", icon="lock", path=lambda visit: visit.url("checkpoints"), who=everybody),
    Entry(key="records", icon="book", path=lambda visit: visit.url("records"), who=everybody),
)
"""Every face adds its own. The lightest four and "more" are the tabs; the rest stands under "more"."""


def _tab(visit: Visit, entry: Entry) -> Tab:
    return Tab(entry.key, entry.icon, visit.t(f"tab.{entry.key}"), entry.path(visit))


def _open(visit: Visit) -> list[Entry]:
    return [entry for entry in ENTRIES if entry.who(visit)]


def tabs_of(visit: Visit) -> list[Tab]:
    """The tabs of the frame for who looks: the lightest entries, and "more"."""
    weighed = sorted((entry for entry in _open(visit) if entry.weight), key=lambda entry: entry.weight)
    more = Tab("more", "more", visit.t("more.tab"), visit.url("more"))
    return [*(_tab(visit, entry) for entry in weighed[: _TABS - 1]), more]


def others_of(visit: Visit) -> list[tuple[Part, list[Tab]]]:
    """What stands under "more": everything that is no tab, by the headings it stands under."""
    tabs = {tab.key for tab in tabs_of(visit)}
    left = [entry for entry in _open(visit) if entry.key not in tabs]
    parts: tuple[Part, ...] = get_args(Part)
    found = [(part, [_tab(visit, entry) for entry in left if entry.part == part]) for part in parts]
    return [(part, entries) for part, entries in found if entries]
