"""Commands of shifts."""

from __future__ import annotations
