"""What decisions about integrity need to know."""

from __future__ import annotations
