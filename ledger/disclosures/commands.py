"""Commands of disclosures."""

from __future__ import annotations
