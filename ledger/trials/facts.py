"""Facts of trials."""

from __future__ import annotations
