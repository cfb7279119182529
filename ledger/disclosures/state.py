"""What decisions about disclosures need to know."""

from __future__ import annotations
