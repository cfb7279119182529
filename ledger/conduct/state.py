"""What decisions about conduct need to know."""

from __future__ import annotations
