"""What decisions about services need to know."""

from __future__ import annotations
