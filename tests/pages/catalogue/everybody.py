"""The pages that were there before the faces, and the frame's own."""

from __future__ import annotations

from tests.pages.catalogue.seen import Seen

PAGES = (
    Seen("start", "/", status=303),
    Seen("home", ""),
    Seen("more", "more"),
    Seen("more-worker", "more", "worker"),
    Seen("board", "board"),
    Seen("board-closed", "board?status=closed", "volunteer"),
    Seen("request", lambda world: f"requests/{world.first('requests', kind='wish', status='published')}", "volunteer"),
    Seen("request-closed", lambda world: f"requests/{world.first('requests', kind='wish', status='closed')}"),
    Seen("statement", "members/{volunteer}", "volunteer"),
    Seen("statement-then", lambda world: f"members/{world.people['volunteer']}?at={world.head}", "volunteer"),
    Seen("own-data", "members/{volunteer}/data.zip", "volunteer"),
    Seen("forget", "members/{volunteer}/forget", "volunteer"),
    Seen("forgotten", "forgotten?position=7"),
    Seen("funds", "funds"),
    Seen("fund", "funds/nuanxing"),
    Seen("wall", "wall"),
    Seen("wall-units", "wall?measure=unit_requests"),
    Seen("wall-why", "wall/why?measure=volunteer_minutes&subject={volunteer}", "volunteer"),
    Seen("why", "why?figure=stats.minutes.earned"),
    Seen("why-own", "why?figure=member:{volunteer}:lifetime", "volunteer"),
    Seen("event", "event/1"),
    Seen("records", "records"),
    Seen("records-worker", "records", "worker"),
    Seen("shelf", "records/rotas"),
    Seen("record", lambda world: f"records/rotas/{world.first('rotas')}"),
    Seen("sign-in", "/sign-in?ledger=fangxing"),
    Seen("form-done", "do/give/done?position=7", "resident"),
    Seen("form-done-elsewhere", "do/wish/done?position=7", "resident", status=404),
    Seen("nowhere", "nowhere", status=404),
)
