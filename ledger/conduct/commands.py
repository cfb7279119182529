"""Commands of conduct."""

from __future__ import annotations
