"""Books of the engine `appraisals`."""

from __future__ import annotations
