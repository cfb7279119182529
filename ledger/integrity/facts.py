"""Facts of integrity."""

from __future__ import annotations
