"""What decisions about shifts need to know."""

from __future__ import annotations
