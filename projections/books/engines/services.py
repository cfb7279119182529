"""Books of the engine `services`."""

from __future__ import annotations
