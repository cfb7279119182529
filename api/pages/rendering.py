"""Jinja as the pages use it: escaping always on, an unknown name is an error, addresses of static files by hash."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.formats import points
from api.pages.assets import asset_url
from api.texts import text

TEMPLATES = Path(__file__).parent.parent / "templates"


def icon(name: str) -> Markup:
    """One of our drawings; decoration only, so that a screen reader passes over it."""
    return Markup('<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        asset_url("icons.svg"), name
    )


def big(words: str) -> Markup:
    """`1,204 小时 30 分` with its figures large and its units small; a figure and its unit stay on one line."""
    groups: list[list[str]] = []
    for word in words.split(" "):
        if not groups or any(letter.isdigit() for letter in word):
            groups.append([])
        groups[-1].append(word)
    shown = [Markup("<span>{}<small>{}</small></span>").format(one[0], " ".join(one[1:])) for one in groups]
    return Markup('<span class="big">{}</span>').format(Markup(" ").join(shown))


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one environment; templates are compiled once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(asset=asset_url, icon=icon, big=big, points=points)
    return made


def render(template: str, values: Mapping[str, Any]) -> str:
    """The HTML of a template. `lang` must be among the values; `t` gives the texts of the pages."""
    lang = str(values["lang"])
    given = {"t": lambda key, **figures: text(lang, f"pages.{key}", **figures), **values}
    return environment().get_template(template).render(given)
