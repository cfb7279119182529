"""Books of the engine `meetings`."""

from __future__ import annotations
