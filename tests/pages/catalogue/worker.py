"""The community worker's pages, and what a simulated street leaves undone for them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api.imports import jobs
from ledger.clock import DEFAULT_ZONE, MICROS_PER_MINUTE, day_of, start_of_day
from ledger.conduct.commands import LodgeAppeal, SuspendMember
from ledger.hours.commands import RecordSession, RequestCorrection, SessionWords
from ledger.requests.commands import PostRequest, RequestWords
from ledger.services.commands import AskForNeed, OpenNeedGroup
from ledger.shifts.commands import ScheduleShift
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World

_COLUMNS = [("A", "编号", ["number"], "known"), ("B", "姓名", ["name"], "known"), ("C", "备注", [], "unknown")]


def prepare(world: World) -> None:
    """Something of most kinds waits: a record, a correction, a wish, an appeal, somebody to be helped first."""
    volunteer = world.people["volunteer"]
    today = day_of(world.store.clock())
    waiting = RecordSession(
        volunteer=volunteer, minutes=45, day=today - timedelta(days=3), words=SessionWords(activity="楼道清扫")
    )
    world.do("volunteer", waiting)
    mended = world.first("sessions", volunteer=volunteer, status="verified")
    world.do("volunteer", RequestCorrection(session_id=mended, volunteer=volunteer, minutes=7))
    wish = PostRequest(kind="wish", requester=world.people["parent"], words=RequestWords(title="想换一把轮椅"))
    world.do("parent", wish)
    barred = SuspendMember(member=world.people["resident"], reason="no_shows", until_day=today + timedelta(days=30))
    world.do("worker2", barred)
    world.do("resident", LodgeAppeal(sanction_id=barred.sanction_id, member=world.people["resident"]))
    group = OpenNeedGroup(name="独居老人")
    world.do("worker", group)
    world.do("parent", AskForNeed(group_id=group.group_id, member=world.people["parent"]))
    nine = start_of_day(today - timedelta(days=1), DEFAULT_ZONE) + 9 * 60 * MICROS_PER_MINUTE
    shift = ScheduleShift(
        name="护学岗", place=world.first("places", kind="courtyard"), in_charge=world.people["worker2"], start_at=nine,
        end_at=nine + 120 * MICROS_PER_MINUTE, capacity=4,
    )  # fmt: skip
    world.do("worker", shift)
    world.people.update(desk_session=waiting.session_id, desk_wish=wish.request_id, desk_shift=shift.shift_id)
    world.people["desk_import"] = _previewed(world)


def _previewed(world: World) -> str:
    """A sheet that was read, with a row that has a problem, as its process leaves it."""
    task = jobs.Task(
        ledger=world.ledger,
        actor=world.people["worker"],
        kind="members",
        lang="zh",
        file="",
        title="名册.csv",
        folder="",
    )
    name, kept = jobs.keep(task, "编号,姓名,备注\nG-1,周阿婆,\nG-2,,新来\n".encode())
    (Path(kept.folder) / jobs.REPORT).write_text("编号,姓名,备注\nG-2,,新来\n", encoding="utf-8")
    shown = {
        "columns": _COLUMNS, "first": [(2, ["G-1", "周阿婆", ""]), (3, ["G-2", "", "新来"])],
        "refused": [(3, ["G-2", "", "新来"], [("姓名", "必填，但没有内容。")])], "assumed": [], "brings": {"team": 2},
    }  # fmt: skip
    counts = jobs.Counts(read=2, imported=1, unchanged=0, refused=1)
    jobs.write_state(Path(kept.folder), jobs.State(phase="preview", status="ready", counts=counts, shown=shown))
    return name


PAGES = (
    Seen("work", "work", "worker"),
    Seen("work-one-kind", "work?source=review", "worker2"),
    Seen("work-administrator", "work", "administrator"),
    Seen("work-nobody", "work", status=303),
    Seen("work-volunteer", "work", "volunteer", status=404),
    Seen("work-piece", "work/verify/{desk_session}", "worker"),
    Seen("work-piece-request", "work/review/{desk_wish}", "worker"),
    Seen("work-piece-gone", "work/verify/ses_gone", "worker", status=409),
    Seen("paper-lists", "paper-lists", "worker"),
    Seen("paper-list", "paper-lists/{desk_shift}", "worker"),
    Seen("paper-list-done", "paper-lists/{desk_shift}/done?taken=2&left=1", "worker"),
    Seen("import", "import", "worker"),
    Seen("import-job", "import/{desk_import}", "worker"),
    Seen("import-refused", "import/{desk_import}/refused.csv", "worker2", status=404),
    Seen("print", "print", "worker"),
    Seen("poster-pdf", "posters/board.pdf", status=303),
    Seen("tree", "tree", "worker"),
    Seen("tree-place", lambda world: f"tree/{world.first('places', kind='community')}", "worker"),
    Seen("people", "people", "worker"),
    Seen("people-found", "people?q=王大哥", "worker"),
    Seen("person", "people/{volunteer}", "worker"),
    Seen("form-register", "do/register", "worker"),
    Seen("form-correct", "do/correct-details?member_id={volunteer}", "worker"),
    Seen("form-deposit", "do/deposit", "worker"),
    Seen("form-shift", "do/shift", "worker"),
    Seen("form-appoint", lambda world: f"do/appoint?place_id={world.first('places', kind='community')}", "worker"),
)
