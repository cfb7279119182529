"""Facts of conduct."""

from __future__ import annotations
