"""What decisions about meetings need to know."""

from __future__ import annotations
