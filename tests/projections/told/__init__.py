"""What each engine adds to the stories of the projections' tests: steps that tell consistent facts of its types."""

from __future__ import annotations

from tests.projections.told import appraisals, funds, meetings, partners, requests, resources, services, shifts

_ENGINES = (appraisals, funds, meetings, partners, requests, resources, services, shifts)

STEPS = tuple(step for engine in _ENGINES for step in engine.STEPS)
"""Every step of every engine."""
