"""Who leads a project: the leader who sponsors it, and the office."""

from __future__ import annotations

from ledger.base import Scene
from ledger.errors import NotYours
from ledger.projects.facts import ProjectPlanned

OFFICE = frozenset({"community_worker", "administrator"})


def check_leads(planned: ProjectPlanned, scene: Scene) -> None:
    """Refuse who neither sponsors the project nor acts for the office; raises NotYours `not_the_sponsor`."""
    if scene.role not in OFFICE and scene.actor != planned.sponsor:
        raise NotYours("not_the_sponsor", project=planned.project_id)
