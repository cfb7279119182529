"""What decisions about trials need to know."""

from __future__ import annotations
