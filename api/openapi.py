"""The OpenAPI document, made from the tables of writes and reads and from the types of their bodies and answers."""

from __future__ import annotations

import inspect
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from api.endpoints import READS, WRITES
from api.problems import PROBLEM_JSON, Problem
from api.routes.asked import PATTERNS, SEGMENT
from api.routes.commands import Write
from api.routes.reads import JSON, Read, Streamed
from api.routes.writes import BODIES, KEY, Written, parameters
from api.texts import text

VERSION = "1.0.0"
_REF = "#/components/schemas/{name}"
_TAGS = (
    "members",
    "parties",
    "hours",
    "requests",
    "funds",
    "partners",
    "honours",
    "places",
    "policy",
    "boards",
    "journal",
    "seals",
    "shifts",
    "services",
    "crossings",
    "conduct",
    "meetings",
    "projects",
    "resources",
    "integrity",
    "appraisals",
    "trials",
    "proposals",
    "disclosures",
)
_EXPLAINED = frozenset({"account", "figure", "level", "tile", "position"})
"""Parameters of a path with an explanation of their own; all others are ids."""
_BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
_ANYBODY: list[dict[str, list[str]]] = [{}, {"bearer": []}]

Json = dict[str, Any]


@lru_cache(maxsize=4)
def document(lang: str) -> Json:
    """The whole document in one language."""
    types = [
        *(BODIES[write.command.NAME].type for write in WRITES),
        *(read.answer for read in READS if read.media == JSON),
    ]
    queries = [read.query for read in READS]
    wanted = list(dict.fromkeys([*types, *queries, Written, Problem]))
    refs, components = msgspec.json.schema_components(wanted, ref_template=_REF)
    ref = dict(zip(wanted, refs, strict=True))
    paths: dict[str, Json] = {}
    for write in WRITES:
        paths.setdefault(write.path, {})["post"] = _write(write, ref, lang)
    for read in READS:
        schema = _resolved(ref[read.query], components)
        paths.setdefault(read.path, {})["get"] = _read(read, schema, ref, lang)
    for query in set(queries):
        components.pop(ref[query]["$ref"].rpartition("/")[2], None)
    return {
        "openapi": "3.1.0",
        "info": {"title": text(lang, "api.title"), "version": VERSION, "description": text(lang, "api.description")},
        "servers": [{"url": "/api/v1/{ledger}", "variables": {"ledger": {"default": "fangxing"}}}],
        "tags": [{"name": tag, "description": text(lang, f"api.tags.{tag}")} for tag in _TAGS],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: _tidy(schema) for name, schema in components.items()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": text(lang, "api.bearer")},
            },
        },
    }


def _resolved(schema: Json, components: dict[str, Json]) -> Json:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return components[name] if name else schema


def _tidy(schema: Any) -> Any:
    """Docstrings of the code without their indentation."""
    if isinstance(schema, dict):
        return {
            name: inspect.cleandoc(value) if name == "description" and isinstance(value, str) else _tidy(value)
            for name, value in schema.items()
        }
    return [_tidy(part) for part in schema] if isinstance(schema, list) else schema


def _problems(lang: str, *statuses: int) -> Json:
    content = {PROBLEM_JSON: {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {str(status): {"description": text(lang, f"api.titles.{status}"), "content": content} for status in statuses}


def _path_parameters(path: str, lang: str) -> list[Json]:
    found: list[Json] = []
    for name in parameters(path):
        schema: Json = {"type": "string", "pattern": f"^{SEGMENT.pattern}$"}
        if name in ("account", "figure"):
            schema = {"type": "string", "minLength": 1, "maxLength": 300}
        elif name in PATTERNS:
            schema = {"type": "string", "pattern": f"^{PATTERNS[name].pattern}$"}
        described = text(lang, f"api.parameters.{name if name in _EXPLAINED else 'id'}")
        found.append({"name": name, "in": "path", "required": True, "schema": schema, "description": described})
    return found


def _header(name: str, described: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": described}


def _answer_headers(lang: str, *names: str) -> Json:
    return {name: {"description": text(lang, f"api.headers.{name}"), "schema": {"type": "string"}} for name in names}


def _write(write: Write, ref: dict[Any, Json], lang: str) -> Json:
    name, body = write.command.NAME, BODIES[write.command.NAME]
    asked = _path_parameters(write.path, lang)
    key_schema = {"type": "string", "pattern": f"^{KEY.pattern}$"}
    asked.append(_header("Idempotency-Key", text(lang, "api.headers.Idempotency-Key"), key_schema, required=True))
    names = ["Nuanlin-Position", "Idempotent-Replayed"]
    refusals = [400, 401, 403, 404, 409, 413, 415, 422, 503]
    if write.watched:
        asked.append(_header("If-Match", text(lang, "api.headers.If-Match"), {"type": "string"}))
        names.append("ETag")
        refusals.append(412)
    if write.location:
        names.append("Location")
    status = 201 if write.command.GENERATED else 200
    content: Json = {"schema": ref[body.type]}
    example = examples().get(name)
    if example is not None:
        content["example"] = example
    told: Json = {
        "description": text(lang, "api.answers.written"),
        "headers": _answer_headers(lang, *names),
        "content": {"application/json": {"schema": ref[Written]}},
    }
    return {
        "operationId": name,
        "summary": text(lang, f"api.commands.{name}"),
        "description": inspect.cleandoc(write.command.__doc__ or ""),
        "tags": [write.tag],
        "security": _BEARER,
        "parameters": asked,
        "requestBody": {"required": body.needed, "content": {"application/json": content}},
        "responses": {str(status): told, **_problems(lang, *sorted(refusals))},
    }


def _read(read: Read, query: Json, ref: dict[Any, Json], lang: str) -> Json:
    asked = _path_parameters(read.path, lang)
    for name, schema in query.get("properties", {}).items():
        given = dict(schema)
        described = given.pop("description", "")
        required = name in query.get("required", ())
        parameter = {"name": name, "in": "query", "required": required, "schema": _without_null(given)}
        asked.append({**parameter, "description": described} if described else parameter)
    # What is no JSON is a file: its own page of the documentation says what is in it.
    schema = ref[read.answer] if read.media == JSON else {"type": "string"}
    told: Json = {"description": text(lang, "api.answers.read"), "content": {read.media: {"schema": schema}}}
    if read.answer is Streamed:
        told["headers"] = {
            "Nuanlin-Position": {"description": text(lang, "api.answers.up_to"), "schema": {"type": "string"}}
        }
    responses: Json = {"200": told, **_problems(lang, 401, 403, 404, 422)}
    if read.watched:
        asked.append(_header("If-None-Match", text(lang, "api.headers.If-None-Match"), {"type": "string"}))
        told["headers"] = _answer_headers(lang, "ETag")
        responses["304"] = {"description": text(lang, "api.titles.304")}
    reads = read.rights
    described = inspect.cleandoc(read.handle.__doc__ or "")
    who = [*sorted(reads.roles), *([reads.own] if reads.own else [])]
    if who:
        described += f"\n\n{text(lang, 'api.answers.for_whom', who=', '.join(who))}"
    return {
        "operationId": read.name,
        "summary": text(lang, f"api.reads.{read.name}"),
        "description": described,
        "tags": [read.tag],
        "security": _ANYBODY if reads.public else _BEARER,
        "parameters": asked,
        "responses": responses,
    }


def _without_null(schema: Json) -> Json:
    """A query parameter is left out rather than null."""
    schema.pop("default", None) if schema.get("default", 0) is None else None
    some = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    if "anyOf" in schema:
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        return {**rest, **some[0]} if len(some) == 1 else {**rest, "anyOf": some}
    if isinstance(schema.get("enum"), list):
        return {**schema, "enum": [value for value in schema["enum"] if value is not None]}
    return schema


@lru_cache(maxsize=1)
def examples() -> dict[str, Json]:
    """A body per command, with the house's invented cast; every one of them is understood (a test says so)."""
    here = Path(__file__).parent
    files = [here / "routes" / "examples.toml", *sorted((here / "engines").glob("*.toml"))]
    found = {name: body for file in files for name, body in tomllib.loads(file.read_text("utf-8")).items()}
    plain: dict[str, Json] = msgspec.to_builtins(found)
    return plain
