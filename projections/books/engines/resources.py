"""Books of the engine `resources`."""

from __future__ import annotations
