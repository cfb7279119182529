"""The days before today, in their order: what takes days has happened by now, where the demo opened the ledger itself."""

from __future__ import annotations

from api.demo import around, calls, shifts, talks
from api.demo.organisations import Organisations
from api.demo.people import People, Staff
from api.demo.places import Places
from api.demo.run import Run


def fill(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> list[str]:
    """Live them; gives who speaks for the first courtyard's households.

    In a ledger that somebody else opened it is still the first day: nobody could scan or score, so nobody did.
    """
    run.be(9, 10)
    around.found(run, staff, places, groups, people)
    speakers = talks.households(run, staff, places, people)
    proposals = calls.call_past(run, staff, groups, people)
    run.be(8, 9)
    disclosure = calls.disclose(run, staff)
    proposal = talks.decide(run, staff, places, speakers)
    run.be(8, 20)
    talks.carry_out(run, staff, places, groups, people, proposal)
    if run.lived:
        shifts.hold(run, staff, people, places, 0)
        run.be(5, 10)
        calls.score(run, people, proposals)
    run.be(5, 15)
    around.complain(run, staff, places, groups, people)
    if run.lived:
        run.be(5, 16)
        grants = calls.award(run, staff, proposals[0])
        shifts.hold(run, staff, people, places, 1)
        run.be(2, 10)
        calls.reach(run, staff, people, grants)
    run.be(1, 15)
    calls.put_right(run, staff, disclosure)
    return speakers
