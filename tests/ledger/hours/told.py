"""Facts of the time bank as the stories tell them; whatever a story does not mention is the usual."""

from __future__ import annotations

from datetime import date

from ledger.clock import MICROS_PER_DAY, at_time
from ledger.hours import facts
from tests.ledger.cast import CHEN, LI, WANG
from tests.ledger.given import NOW

YESTERDAY = date(2026, 5, 19)
SESSION, OTHER_SESSION, ACTIVITY = "ses_1", "ses_2", "act_watch"


def at(hour: int, minute: int = 0, day: date = YESTERDAY) -> int:
    """An instant of that day, by the community's clock."""
    return at_time(day, hour, minute)


def recorded(
    session_id: str = SESSION,
    volunteer: str = WANG,
    *,
    minutes: int = 60,
    day: date = YESTERDAY,
    last_day: date | None = None,
    start_at: int | None = None,
    end_at: int | None = None,
    activity_id: str | None = None,
    place: str | None = None,
    team: str | None = None,
    unit: str | None = None,
    origin: str = "attested",
) -> facts.SessionRecorded:
    """A session that waits for a verifier."""
    return facts.SessionRecorded(
        session_id=session_id,
        volunteer=volunteer,
        activity_id=activity_id,
        day=day,
        last_day=last_day or day,
        start_at=start_at,
        end_at=end_at,
        minutes=minutes,
        origin=origin,
        place=place,
        team=team,
        unit=unit,
        recorder=LI,
    )


def verified(
    session_id: str = SESSION,
    volunteer: str = WANG,
    *,
    minutes: int = 60,
    day: date = YESTERDAY,
    overflow: int = 0,
    overflow_to: str = "",
) -> facts.SessionVerified:
    """A session that counts."""
    return facts.SessionVerified(
        session_id=session_id,
        volunteer=volunteer,
        day=day,
        minutes=minutes,
        credited=minutes - overflow,
        overflow=overflow,
        overflow_to=overflow_to,
        origin="attested",
        verifier=CHEN,
    )


def rejected(session_id: str = SESSION, volunteer: str = WANG, *, day: date = YESTERDAY) -> facts.SessionRejected:
    """A session that does not count."""
    return facts.SessionRejected(
        session_id=session_id, volunteer=volunteer, day=day, last_day=day, reason="not_held", verifier=CHEN
    )


def earned(member: str, minutes: int, *, day: date = YESTERDAY, session_id: str = "") -> facts.SessionVerified:
    """Minutes in somebody's account."""
    return verified(session_id or f"ses_{member}{day:%y%m%d}", member, minutes=minutes, day=day)


def asked(minutes: int, *, by: str = WANG) -> facts.CorrectionRequested:
    """The volunteer says that 王阿姨's session should have that many minutes."""
    return facts.CorrectionRequested(
        correction_id="cor_1", session_id=SESSION, volunteer=WANG, minutes=minutes, requested_by=by
    )


def corrected(original: int, now: int) -> facts.SessionCorrected:
    """原记 / 更正 / 净额."""
    return facts.SessionCorrected(
        correction_id="cor_1",
        session_id=SESSION,
        volunteer=WANG,
        day=YESTERDAY,
        last_day=YESTERDAY,
        original_minutes=original,
        corrected_minutes=now,
        difference=now - original,
        checker=CHEN,
    )


def gift(giver: str, receiver: str, minutes: int) -> facts.HoursGiven:
    """A gift of time."""
    return facts.HoursGiven(giver=giver, receiver=receiver, minutes=minutes)


def donated(giver: str, minutes: int) -> facts.HoursDonated:
    """Time for the pool."""
    return facts.HoursDonated(giver=giver, minutes=minutes)


TOMORROW_AT = NOW + MICROS_PER_DAY


def reserved(minutes: int = 60, *, provider: str | None = LI, until_at: int = TOMORROW_AT) -> facts.HoursReserved:
    """王阿姨 set minutes aside."""
    return facts.HoursReserved(
        reservation_id="rsv_1", member=WANG, minutes=minutes, provider=provider, until_at=until_at
    )
