"""Books of the engine `partners`."""

from __future__ import annotations
