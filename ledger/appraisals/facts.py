"""Facts of appraisals."""

from __future__ import annotations
