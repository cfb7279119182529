"""What decisions about proposals need to know."""

from __future__ import annotations
