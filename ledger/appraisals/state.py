"""What decisions about appraisals need to know."""

from __future__ import annotations
