"""What decisions about projects need to know."""

from __future__ import annotations
