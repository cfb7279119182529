"""What decisions about crossings need to know."""

from __future__ import annotations
