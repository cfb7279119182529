"""M26 荣誉: rankings that explain themselves, star ratings by lifetime hours, plaques.

Plaques are in test_m15.
"""

from __future__ import annotations

from datetime import date, timedelta

from ledger.hours.commands import DepositSession, SessionWords
from tests.mechanisms.entered import entered
from tests.mechanisms.street import FIRST_DAY, Street

FULL_DAY = 480


def _served(street: Street, member: str, hours: int, before: date) -> None:
    """So many hours on the days before one, eight a day at most, entered from the list that was kept."""
    whole, rest = divmod(hours * 60, FULL_DAY)
    days = [FULL_DAY] * whole + ([rest] if rest else [])
    words = SessionWords(activity="巡逻")
    entered(street, [DepositSession(volunteer=member, day=before - timedelta(days=n + 1), minutes=minutes, words=words)
                     for n, minutes in enumerate(days)])  # fmt: skip


def test_stars_follow_lifetime_hours_and_never_the_balance(street: Street) -> None:
    wang, li = street.person("王阿姨"), street.person("李师傅")
    steps = ((99, 0), (1, 1), (200, 2), (300, 3), (400, 4), (500, 5))
    total = 0
    for number, (more, stars) in enumerate(steps):
        street.at(FIRST_DAY + timedelta(days=200 * number))
        total += more
        _served(street, wang, more, FIRST_DAY + timedelta(days=200 * number))
        assert street.figure(f"member:{wang}:lifetime") == total * 60
        assert street.figure(f"member:{wang}:stars") == stars
    street.do("give_hours", by=wang, giver=wang, receiver=li, minutes=total * 60)
    assert street.figure(f"member:{wang}:usable") == 0
    assert street.figure(f"member:{wang}:stars") == 5
    assert street.figure(f"member:{li}:stars") == 0


def test_rankings_share_ranks_and_open_to_what_made_them(street: Street) -> None:
    worker = street.worker()
    names = ("王阿姨", "李师傅", "赵大爷", "孙老师", "周姐")
    people = [street.person(name) for name in names]
    for member, hours in zip(people, (5, 9, 5, 2, 5), strict=True):
        _served(street, member, hours, FIRST_DAY)
    period = "2026-02"
    board = street.see("rankings", by=worker, measure="volunteer_minutes", period="2026")["rows"]
    assert [(row["rank"], row["value"]) for row in board] == [(1, 540), (2, 300), (2, 300), (2, 300), (5, 120)]
    assert [row["subject"]["id"] for row in board[1:4]] == [people[0], people[2], people[4]]
    for row in board:
        made = street.see("ranking_explained", by=worker, measure="volunteer_minutes", period="2026",
                          subject=row["subject"]["id"])  # fmt: skip
        assert sum(entry["amount"] for entry in made["entries"]) == made["value"] == row["value"]
    assert street.see("rankings", measure="volunteer_minutes", period=period)["period"] == period

    hidden = street.see("rankings", by=people[3], measure="volunteer_minutes", period="2026")["rows"]
    assert {row["subject"]["id"] for row in hidden} == {None, people[3]}
    street.do("agree_to_publication", by=people[1], member_id=people[1], where="wall")
    named = street.see("rankings", by=people[3], measure="volunteer_minutes", period="2026")["rows"]
    assert named[0]["subject"]["name"] == "李师傅"


def test_a_correction_moves_the_rank_it_had_earned(street: Street) -> None:
    worker, other, wang, li = street.worker(), street.worker("何主任"), street.person("王阿姨"), street.person("李师傅")
    _served(street, wang, 3, FIRST_DAY)
    session = street.do("deposit_session", by=worker, volunteer=li, day="2026-03-01", minutes=240,
                        words={"activity": "巡逻"}).ids["session_id"]  # fmt: skip
    assert _first(street) == li
    asked = street.do("request_correction", by=li, session_id=session, volunteer=li, minutes=120)
    street.do("approve_correction", by=other, session_id=session, correction_id=asked.ids["correction_id"])
    assert _first(street) == wang


def _first(street: Street) -> str:
    board = street.see("rankings", measure="volunteer_minutes")
    return str(board["rows"][0]["subject"]["id"])
