"""Every refusal as `application/problem+json` (RFC 9457), in the caller's language.

    {"type": "urn:nuanlin:problem:insufficient_hours", "title": …, "status": 422, "code": "insufficient_hours",
     "detail": one sentence for people, "figures": {…}, "errors": [{"field", "code", "detail"}]}

Programs read `code`, `figures` and `field`; people read `detail`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Route

from api import formats
from api.texts import language_of, text
from ledger.errors import Conflict, NotFound, NuanlinError, Refused, Unusable
from ledger.journal.sql import driver_errors, value_errors

_log = structlog.get_logger("nuanlin.api")

PROBLEM_JSON = "application/problem+json"

STATUS_BY_CODE: dict[str, int] = {
    "malformed_json": 400,
    "idempotency_key_missing": 400,
    "bad_idempotency_key": 400,
    "bad_if_match": 400,
    "version_moved": 412,
    "body_too_large": 413,
    "not_json": 415,
    "method_not_allowed": 405,
    "bad_request": 400,
    "unknown_host": 400,
    "body_too_slow": 408,
    "internal": 500,
    "too_busy": 503,
}
"""Codes whose status differs from that of their branch of the error tree (`ledger.errors`): those of HTTP itself."""

_CODE_BY_STATUS = {
    404: "no_such_page",
    405: "method_not_allowed",
    408: "body_too_slow",
    413: "body_too_large",
    415: "not_json",
}


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field: its path (`words.name`, `items[0].code`, `?limit`), a code and a sentence."""

    field: str
    code: str
    detail: str


class Problem(msgspec.Struct, frozen=True):
    """A refusal (RFC 9457). `code` never changes; `figures` are the numbers and names that explain it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    figures: dict[str, Any]
    errors: list[FieldError]


def status_of(error: NuanlinError) -> int:
    """The HTTP status of a refusal."""
    return STATUS_BY_CODE.get(error.code, error.status)


def problem_of(error: NuanlinError, lang: str) -> Problem:
    """A refusal in one language; `field` among its details names what it is about."""
    status = status_of(error)
    detail = formats.error(error, lang)
    field = error.details.get("field")
    errors = [FieldError(str(field), error.code, detail)] if field is not None else []
    return Problem(
        type=f"urn:nuanlin:problem:{error.code}",
        title=text(lang, f"api.titles.{status}"),
        status=status,
        code=error.code,
        detail=detail,
        figures={name: _plain(value) for name, value in error.details.items()},
        errors=errors,
    )


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool | None) else str(value)


def language(request: Request) -> str:
    """The language of the answer, by Accept-Language."""
    return language_of(request.headers.get("accept-language", ""))


def answer(request: Request, error: NuanlinError, headers: dict[str, str] | None = None) -> Response:
    """The response for a refusal: a page where the faces for people have one, else problem+json."""
    page: Callable[[Request, NuanlinError, int], Response] | None = getattr(request.app.state, "problem_page", None)
    if page is not None and not request.url.path.startswith("/api/"):
        return page(request, error, status_of(error))
    lang = language(request)
    problem = problem_of(error, lang)
    more = {"Content-Language": lang, "Vary": "Accept-Language", **(headers or {})}
    if problem.status == 401:
        more["WWW-Authenticate"] = 'Bearer realm="nuanlin"'
    if problem.status == 503:
        more["Retry-After"] = "1"
    return Response(msgspec.json.encode(problem), problem.status, more, PROBLEM_JSON)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, NuanlinError)
    return answer(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    code = _CODE_BY_STATUS.get(error.status_code, "bad_request")
    if code == "method_not_allowed":
        headers["Allow"] = ", ".join(sorted(_methods(request)))
        return answer(request, Conflict(code, method=request.method), headers)
    if code == "body_too_large":
        most = int(error.detail) if error.detail.isdecimal() else 1024 * 1024
        return answer(request, Refused(code, most=most), headers)
    return answer(request, NotFound(code) if code == "no_such_page" else Refused(code), headers)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    return answer(request, Refused("bad_value", field=".".join(str(part) for part in first["loc"])))


def _route_of(request: Request) -> str:
    """Which route it was; the address itself is the caller's and may hold anything, a name among others."""
    return str(getattr(request.scope.get("route"), "path", ""))


def _broken(request: Request, error: Exception) -> Response:
    _log.error("request_failed", route=_route_of(request), error=type(error).__name__)
    return answer(request, NuanlinError("internal"))


def _store_failed(request: Request, error: Exception) -> Response:
    """A full disk, a lost connection. Only the kind is logged: a driver's words hold what was to be written."""
    _log.error("store_failed", route=_route_of(request), error=type(error).__name__)
    return answer(request, Unusable("store_failed"))


def _strange(request: Request, error: Exception) -> Response:
    """A text that nothing can hold, such as one with a NUL in it."""
    _log.warning("strange_text", route=_route_of(request), error=type(error).__name__)
    return answer(request, Refused("bad_request"))


def _methods(request: Request) -> set[str]:
    """All methods of all routes at this path: each route of the framework knows only its own."""
    found: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches({**request.scope, "type": "http"})[0] is not Match.NONE:
            found |= route.methods or set()
    return found


Handler = Callable[[Request, Exception], Response | Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Let the app answer every error as a problem."""
    app.add_exception_handler(NuanlinError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in (*driver_errors(), SQLAlchemyError):
        app.add_exception_handler(kind, _store_failed)
    for kind in value_errors():
        app.add_exception_handler(kind, _strange)
    app.add_exception_handler(Exception, _broken)
