"""A journal in memory for standing checks: facts are told one after another, and a check says what it finds.

journal = Journal(); journal.tell(fact, at=NOON); journal.hints(SplitPayments, days=14)
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api.texts import LANGUAGES, text
from ledger.audit.findings import feed
from ledger.audit.hints import SHOWN, Check, Hint, Look, Option
from ledger.base import Fact, tags_of
from ledger.clock import DEFAULT_ZONE, MICROS_PER_DAY, at_time
from ledger.funds import facts as fund
from ledger.hours import facts as hours
from ledger.journal.recorded import Envelope, Recorded

DAY = date(2026, 5, 20)
NOON = at_time(DAY, 12, 0)
WANG, LI, ZHAO, SUN = "mem_wang", "mem_li", "mem_zhao", "mem_sun"
CHEN, HE = "mem_chen", "mem_he"
NUANXING = "fund_nuanxing"


def days_after(count: int) -> int:
    """Noon, so many days after the first."""
    return NOON + count * MICROS_PER_DAY


class Journal:
    """Events in memory, at positions 1, 2, 3 …"""

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        self._grants = self._sessions = 0

    def tell(self, *facts: Fact, at: int = NOON, by: str = CHEN, role: str = "community_worker", key: str = "") -> int:
        """Facts of one command; gives the position of the last."""
        for fact in facts:
            position = len(self.events) + 1
            latest = max(at, self.events[-1].recorded_at) if self.events else at
            envelope = Envelope(
                at=at, by=by, role=role, behalf=None, key=key or f"k{position}", body="", salt=bytes(16)
            )  # fmt: skip
            self.events.append(Recorded("xianghe", position, latest, envelope, fact, tags_of(fact)))
        return len(self.events)

    def pay(
        self,
        amount_fen: int,
        payee: str | None = WANG,
        *,
        day: date = DAY,
        at: int = NOON,
        hands: tuple[str, str, str] = (ZHAO, HE, CHEN),
        category: str = "aid",
        slug: str = NUANXING,
    ) -> int:
        """A grant proposed, approved and paid by these three; gives the position of the payment."""
        self._grants += 1
        grant_id, (proposer, approver, payer) = f"grant_{self._grants}", hands
        about: dict[str, Any] = {"grant_id": grant_id, "fund": slug, "item": "meals", "amount_fen": amount_fen}
        return self.tell(
            fund.GrantProposed(**about, category=category, payee=payee, proposer=proposer, day=day),
            fund.GrantApproved(**about, approver=approver),
            fund.GrantPaid(**about, category=category, payer=payer, day=day),
            at=at,
        )

    def record(
        self,
        volunteer: str = WANG,
        minutes: int = 60,
        *,
        day: date = DAY,
        at: int = NOON,
        verifier: str | None = CHEN,
        recorder: str = ZHAO,
        start_at: int | None = None,
        origin: str = "attested",
        place: str | None = "place_yard",
        guarantor: str | None = None,
    ) -> int:
        """A session, verified unless there is no verifier; gives the position of its record."""
        self._sessions += 1
        session_id = f"ses_{self._sessions}"
        end_at = None if start_at is None else start_at + minutes * 60_000_000
        recorded = hours.SessionRecorded(
            session_id=session_id, volunteer=volunteer, day=day, last_day=day, start_at=start_at, end_at=end_at,
            minutes=minutes, origin=origin, place=place, recorder=recorder, guarantor=guarantor,
        )  # fmt: skip
        verified = hours.SessionVerified(
            session_id=session_id, volunteer=volunteer, day=day, minutes=minutes, credited=minutes, origin=origin,
            verifier=verifier or "", place=place,
        )  # fmt: skip
        position = self.tell(recorded, at=at, by=recorder)
        if verifier is not None:
            self.tell(verified, at=at, by=verifier)
        return position

    def correct(self, session: int, difference: int, *, checker: str = CHEN) -> int:
        """A correction of the nth session by so many minutes; gives its position."""
        return self.tell(
            hours.SessionCorrected(
                correction_id=f"cor_{len(self.events)}", session_id=f"ses_{session}", volunteer=WANG, day=DAY,
                last_day=DAY, original_minutes=60, corrected_minutes=60 + difference, difference=difference,
                checker=checker,
            )
        )  # fmt: skip

    def give(self, giver: str, receiver: str, minutes: int = 60, *, at: int = NOON) -> int:
        """A gift of hours; gives its position."""
        return self.tell(hours.HoursGiven(giver=giver, receiver=receiver, minutes=minutes), at=at, by=giver, role="")

    def hints(self, check: type[Check], *, first: int = 1, **options: Option) -> list[Hint]:
        """What the check finds; `first`: what counts begins there."""
        checking = check(DEFAULT_ZONE, options)
        feed([checking], self.events, first)
        look = Look(lambda tag: [one for one in self.events if tag in one.tags], DEFAULT_ZONE)
        found = sorted(checking.hints(look), key=lambda hint: (hint.form, hint.positions))
        for hint in found:
            _has_its_sentence(hint)
        return found

    def positions(self, check: type[Check], *, first: int = 1, **options: Option) -> list[tuple[int, ...]]:
        """The positions of each hint."""
        return [hint.positions for hint in self.hints(check, first=first, **options)]


def day(count: int) -> date:
    """So many days after the first."""
    return DAY + timedelta(days=count)


def _has_its_sentence(hint: Hint) -> None:
    """Both languages have a sentence for the hint, and the hint has every figure of it."""
    form = f"_{hint.form}" if hint.form else ""
    for lang in LANGUAGES:
        key = f"sampling.check.{hint.check}.what{form}"
        said = text(lang, key, **hint.figures)
        assert said != key
        assert "{" not in said, said
    assert 1 <= len(hint.positions) <= hint.count or len(hint.positions) == SHOWN
