"""What fields of facts and rows are called by people."""

from __future__ import annotations

from api.texts import known, text


def field_name(lang: str, name: str) -> str:
    """The name of a field in the language of the reader; the field's own where there are no words for it."""
    key = f"sampling.field.{name}"
    return text(lang, key) if known(lang, key) else name
