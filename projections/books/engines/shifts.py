"""Books of the engine `shifts`."""

from __future__ import annotations
