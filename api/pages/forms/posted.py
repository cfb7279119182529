"""A form as a browser sends it."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import FormData

MOST_FIELDS = 400


async def form_data(request: Request) -> FormData:
    """The form as it came, without files."""
    return await request.form(max_files=0, max_fields=MOST_FIELDS)
