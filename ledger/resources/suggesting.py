"""Which resource fits which need: a pure function whose every choice is explained by class, place, time and quantity.

The oldest need chooses first. Among what fits its class it takes what is nearest in the tree of places, then what can
be had soonest, then what covers it whole, then what was listed first; and goes on until it has enough. Nothing is
suggested twice: the sum of what is suggested of a resource never exceeds what is free of it, nor what a need is
given what it wants (choice: greedy and explainable rather than optimal).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

NOWHERE = 99
"""The distance to a resource that says no place, or to a need that says none: after all that is somewhere."""


class Need(NamedTuple):
    """A request that wants something. With an item it wants pieces of that item, else anything of its category."""

    request_id: str
    number: int
    """Who asked first chooses first."""
    item: str | None
    category: str
    quantity: int
    place: str | None = None
    by_day: date | None = None


class Have(NamedTuple):
    """A resource with so much free, from day to day (last day included)."""

    resource_id: str
    number: int
    item: str
    measure: str
    category: str
    free: int
    place: str | None = None
    from_day: date = date.min
    until_day: date | None = None


class Suggestion(NamedTuple):
    """So much of a resource for a need, and why."""

    request_id: str
    resource_id: str
    quantity: int
    fits: str
    """`item`: the very thing asked for; `category`: the same class."""
    steps: int
    """Steps through the tree of places from one to the other; `NOWHERE` where one of them says no place."""
    wait_days: int
    """Days until it can be had; 0 for now."""
    whole: bool
    """Whether it alone covers what the need still wants."""


def suggest(
    needs: Iterable[Need], resources: Iterable[Have], parents: Mapping[str, str | None], today: date
) -> list[Suggestion]:
    """What to propose for each need, oldest need first. The order of the arguments' items does not matter."""
    listed = tuple(resources)
    classes, free = _by_class(listed, today), {one.resource_id: one.free for one in listed}
    found: list[Suggestion] = []
    for need in sorted(needs, key=lambda one: (one.number, one.request_id)):
        ranked = [(_rank(need, have, parents, today), have) for have in _fitting(need, classes, today)]
        wanting = need.quantity
        while wanting > 0:
            left = [(rank, have) for rank, have in ranked if free[have.resource_id] > 0]
            if not left:
                break
            (steps, wait_days, _, _), have = min(
                left, key=lambda one: (*one[0][:2], free[one[1].resource_id] < wanting, *one[0][2:])
            )
            having = free[have.resource_id]
            quantity = min(wanting, having)
            fits = "category" if need.item is None else "item"
            whole = having >= wanting
            found.append(Suggestion(need.request_id, have.resource_id, quantity, fits, steps, wait_days, whole))
            free[have.resource_id] -= quantity
            wanting -= quantity
    return found


def distance(place: str | None, other: str | None, parents: Mapping[str, str | None]) -> int:
    """Steps between two places through their nearest common place; `NOWHERE` where there is none."""
    above = _line(place, parents)
    for steps, step in enumerate(_line(other, parents)):
        if step in above:
            return above.index(step) + steps
    return NOWHERE


def _by_class(resources: Iterable[Have], today: date) -> dict[tuple[str, str], list[Have]]:
    """What is to be had, by item (only what is counted in pieces meets a need for them) and by category."""
    classes: dict[tuple[str, str], list[Have]] = {}
    for one in resources:
        if one.free <= 0 or (one.until_day is not None and one.until_day < today):
            continue
        if one.measure == "pcs":
            classes.setdefault(("item", one.item), []).append(one)
        if one.category:
            classes.setdefault(("category", one.category), []).append(one)
    return classes


def _line(place: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """A place and all above it."""
    line: list[str] = []
    while place is not None and place not in line:
        line.append(place)
        place = parents.get(place)
    return line


def _fitting(need: Need, classes: Mapping[tuple[str, str], list[Have]], today: date) -> list[Have]:
    """What is of the need's class and can be had in time."""
    key = ("item", need.item) if need.item is not None else ("category", need.category)
    return [one for one in classes.get(key, ()) if need.by_day is None or max(one.from_day, today) <= need.by_day]


def _rank(need: Need, have: Have, parents: Mapping[str, str | None], today: date) -> tuple[int, int, int, str]:
    """What the choice goes by, smallest first: steps, days to wait, and, after whether it is enough, who listed first."""
    wait_days = max(0, (have.from_day - today).days)
    return distance(need.place, have.place, parents), wait_days, have.number, have.resource_id
