"""Books of the engine `funds`."""

from __future__ import annotations
