"""Commands of crossings."""

from __future__ import annotations
