"""139 micro-wishes: 84 of the past year from an old book, and 55 that live through the real steps, in every state."""

from __future__ import annotations

from typing import NamedTuple

from api.demo.data import WishesList, choose, draw, load
from api.demo.organisations import Organisations
from api.demo.people import People, Staff
from api.demo.places import Places, Point
from api.demo.run import Keyed, Run, made
from ledger.requests.commands import (
    ClaimRequest,
    CloseRequest,
    DeclareUnmet,
    DeclineRequest,
    FulfilRequest,
    Outcome,
    PostRequest,
    PublishRequest,
    RecordPastRequest,
    ReleaseClaim,
    Remark,
    ReopenRequest,
    RequestWords,
    WithdrawRequest,
)
from ledger.requests.facts import RequestPosted

WISHES = 139
_PAST: tuple[tuple[Outcome, int], ...] = (("fulfilled", 74), ("unmet", 6), ("released", 2), ("open", 2))
_STORIES: tuple[tuple[str, int], ...] = (
    ("posted", 5), ("declined", 1), ("published", 13), ("released", 1), ("claimed", 11), ("unmet", 2), ("withdrawn", 3),
    ("fulfilled", 4), ("closed", 12), ("explained", 1), ("low", 1), ("reopened", 1),
)  # fmt: skip
"""How far each live wish comes. `low`: reopened by a low score; `reopened`: after it had been closed."""
_HELD = ("released", "claimed", "unmet", "fulfilled", "closed", "explained", "low", "reopened")
_DONE = ("fulfilled", "closed", "explained", "low", "reopened")


class _Wish(NamedTuple):
    """A live wish under way: who asked, who holds it (and who acts for them), and how its story ends."""

    number: int
    story: str
    requester: str
    claimant: str
    actor: str
    request_id: str = ""


class _Title(NamedTuple):
    category: str
    title: str
    value_fen: int | None


def fill(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """Enter the old book, then let the live wishes happen."""
    _past(run, staff, groups, people)
    wishes = _post(run, staff, places, _stories(groups, people))
    _review(run, staff, wishes)
    _claim(run, wishes)
    _end(run, staff, wishes)


def _titles() -> list[_Title]:
    return [
        _Title(category.name, title, yuan * 100 or None)
        for category in load("wishes", WishesList).categories
        for title, yuan in zip(category.titles, category.yuan, strict=True)
    ]


def _title(number: int) -> _Title:
    """Every title comes thrice or four times in a year, in an order that mixes the categories."""
    titles = _titles()
    return titles[number * 7 % len(titles)]


def _claimants(groups: Organisations, people: People, number: int) -> tuple[str, str]:
    """(claimant, who acts for it): mostly a party member by themself; a branch, a unit or a volunteer now and then."""
    if number % 6 == 5:
        branch = number // 6 % len(groups.branches)
        return groups.branches[branch].id, people.party[branch]
    if number % 9 == 4:
        unit = number // 9 % len(groups.spoken_for)
        return groups.spoken_for[unit].id, people.representatives[unit]
    if number % 7 == 3:
        return (volunteer := people.volunteers[number % len(people.volunteers)]), volunteer
    return (member := people.party[number * 5 % len(people.party)]), member


# ---- the old book ---------------------------------------------------------------------------------------------------


def _past(run: Run, staff: Staff, groups: Organisations, people: People) -> None:
    barriers = load("wishes", WishesList).barriers
    outcomes = [outcome for outcome, count in _PAST for _ in range(count)]
    commands: list[Keyed] = []
    for number, outcome in enumerate(outcomes):
        wanted = _title(number)
        days_ago = 25 + draw("past wish", number) % 330
        done = outcome in ("fulfilled", "unmet")
        entered = RecordPastRequest(
            kind="wish", requester=people.elders[number % len(people.elders)], category=wanted.category,
            value_fen=wanted.value_fen, day=run.ago(days_ago),
            closed_on=run.ago(days_ago - 2 - draw("took", number) % 12) if done else None, outcome=outcome,
            claimant=_claimants(groups, people, number)[0] if outcome in ("fulfilled", "released") else None,
            score=3 + draw("score", number) % 3 if outcome == "fulfilled" and number % 8 else None,
            barrier=choose(barriers, number) if outcome == "unmet" else "",
            words=RequestWords(title=wanted.title),
        )  # fmt: skip
        commands.append((f"wish:past:{number}", entered))
    run.many(staff["zhao"], commands)


# ---- the live ones --------------------------------------------------------------------------------------------------


def _stories(groups: Organisations, people: People) -> list[_Wish]:
    """One wish for each story; the fixed cast has one of each that waits for them."""
    names = [story for story, count in _STORIES for _ in range(count)]
    wishes = [
        _Wish(
            number, story, people.elders[(number + 30) % len(people.elders)], *_claimants(groups, people, 200 + number)
        )
        for number, story in enumerate(names)
    ]
    wang, li = people.neighbours["wang"], people.neighbours["li"]
    claimed, fulfilled = names.index("claimed"), names.index("fulfilled")
    wishes[claimed] = wishes[claimed]._replace(claimant=wang, actor=wang)
    wishes[fulfilled] = wishes[fulfilled]._replace(requester=li, claimant=wang, actor=wang)
    return wishes


def _post(run: Run, staff: Staff, places: Places, wishes: list[_Wish]) -> list[_Wish]:
    """By the one who asks where a QR code was scanned; by a worker on a visit, at a meeting, from a survey."""
    posted: list[_Wish] = []
    for wish in wishes:
        point = _point(places, wish.number)
        by = wish.requester if point.channel == "qr" else staff["zhao"]
        wanted = _title(WISHES - 1 - wish.number)
        asking = PostRequest(
            kind="wish", requester=wish.requester, category=wanted.category, value_fen=wanted.value_fen,
            channel=point.channel, point=point.id, words=RequestWords(title=wanted.title),
        )  # fmt: skip
        fact = made(run.one(by, f"wish:{wish.number}", asking), RequestPosted)
        posted.append(wish._replace(request_id=fact.request_id))
    return posted


def _point(places: Places, number: int) -> Point:
    match number % 8:
        case 5:
            return choose(places.visits, "visit", number)
        case 6:
            return choose(places.meetings, "meeting", number)
        case 7:
            return places.survey
    return choose(places.codes, "code", number)


def _review(run: Run, staff: Staff, wishes: list[_Wish]) -> None:
    reviewed: list[Keyed] = []
    for wish in wishes:
        if wish.story == "declined":
            refusal = DeclineRequest(request_id=wish.request_id, reason="duplicate")
            reviewed.append((f"wish:{wish.number}:decline", refusal))
        elif wish.story != "posted":
            reviewed.append((f"wish:{wish.number}:publish", PublishRequest(request_id=wish.request_id)))
    run.many(staff["qian"], reviewed)


def _claim(run: Run, wishes: list[_Wish]) -> None:
    for wish in wishes:
        if wish.story in _HELD:
            claim = ClaimRequest(request_id=wish.request_id, claimant=wish.claimant)
            run.one(wish.actor, f"wish:{wish.number}:claim", claim)
        if wish.story in _DONE:
            done = FulfilRequest(
                request_id=wish.request_id, claimant=wish.claimant, words=Remark(remark=load("wishes", WishesList).done)
            )
            run.one(wish.actor, f"wish:{wish.number}:fulfil", done)


def _end(run: Run, staff: Staff, wishes: list[_Wish]) -> None:
    texts = load("wishes", WishesList)
    for wish in wishes:
        key = f"wish:{wish.number}"
        if wish.story == "withdrawn":
            back = WithdrawRequest(request_id=wish.request_id, requester=wish.requester)
            run.one(wish.requester, f"{key}:withdraw", back)
        elif wish.story == "released":
            run.one(wish.actor, f"{key}:release", ReleaseClaim(request_id=wish.request_id, claimant=wish.claimant))
        elif wish.story == "unmet":
            unmet = DeclareUnmet(request_id=wish.request_id, barrier=choose(texts.barriers, wish.number))
            run.one(staff["qian"], f"{key}:unmet", unmet)
        elif wish.story in _DONE and wish.story != "fulfilled":
            run.one(wish.requester, f"{key}:close", _closing(wish, texts))
        if wish.story == "reopened":
            again = ReopenRequest(
                request_id=wish.request_id, requester=wish.requester, words=Remark(remark=texts.again)
            )
            run.one(wish.requester, f"{key}:reopen", again)


def _closing(wish: _Wish, texts: WishesList) -> CloseRequest:
    """Two scores are low: one reopens the wish, the other explains why it shall rest."""
    score, words = {"low": (2, texts.low), "explained": (2, texts.low_but)}.get(
        wish.story, (4 + wish.number % 2, texts.thanks)
    )
    return CloseRequest(
        request_id=wish.request_id, requester=wish.requester, score=score, explained=wish.story == "explained",
        words=Remark(remark=words),
    )  # fmt: skip
