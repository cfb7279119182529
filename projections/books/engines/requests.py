"""Books of the engine `requests`."""

from __future__ import annotations
