"""Forms that bring photos: who may send is asked before anything large is read, and all work is done within a slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.pages.common import Visit, check_origin
from api.photos import MOST_PHOTOS, form_with_photos
from ledger.errors import Refused, TooMany


async def photos_sent(
    request: Request,
    prepared: Callable[[], tuple[Visit, *tuple[Any, ...]] | Response],
    answer: Callable[..., Response],
    again: Callable[..., Response],
) -> Response:
    """What to answer to a form with photos. `prepared` says what it is about, or answers already where its sender may not;
    `answer` is told that, the files and what was typed; `again` shows the form with what is wrong with it."""
    check_origin(request)
    found = await run_in_threadpool(prepared)
    if isinstance(found, Response):
        return found
    visit = found[0]
    try:
        async with form_with_photos(request, f"{visit.ledger}/{visit.caller.actor}") as form:
            files, said = await _received(form)
            # Within its slot: who waits until a photo is unpacked holds a thread that all pages need.
            return await run_in_threadpool(answer, *found, files, said)
    except (Refused, TooMany) as problem:
        return await run_in_threadpool(again, *found, problem=problem)


async def _received(form: FormData) -> tuple[list[bytes], Mapping[str, str]]:
    """The files that were chosen, and what was typed. Raises Refused `photo_too_many`."""
    files = [await one.read() for one in form.getlist("photo") if isinstance(one, UploadFile) and one.size]
    if len(files) > MOST_PHOTOS:
        raise Refused("photo_too_many", most=MOST_PHOTOS)
    return files, {name: str(value) for name, value in form.multi_items() if isinstance(value, str)}
