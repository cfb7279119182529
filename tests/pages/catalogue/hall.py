"""The screen of a hall, board by board, and the gallery of plaques."""

from __future__ import annotations

from tests.pages.catalogue.seen import Seen

PAGES = (
    Seen("hall", "hall"),
    Seen("hall-wishes", "hall?board=wishes"),
    Seen("hall-teams", "hall?board=teams"),
    Seen("hall-units", "hall?board=units"),
    Seen("hall-plaques", "hall?board=plaques"),
    Seen("hall-deeds", "hall?board=deeds"),
    Seen("hall-month", "hall?period=month&hold=1"),
    Seen("plaques", "plaques"),
    Seen("wall-why-masked", "wall/why?measure=member_requests&row=0"),
    Seen("wall-why-unit", lambda world: f"wall/why?measure=unit_requests&subject={world.people['unit']}"),
)
