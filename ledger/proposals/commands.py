"""Commands of proposals."""

from __future__ import annotations
