"""What decisions about resources need to know."""

from __future__ import annotations
