"""What people read, in their language: every text of the product comes from `api/locale/<lang>/<room>.toml`.

A key is `room.section.name`, for example `errors.insufficient_hours`. Figures are filled in by name: `{usable}`. A room may
stand in several files, one per subject: `errors.toml`, `errors_shifts.toml`.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

LOCALES = Path(__file__).parent / "locale"
LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"


def _flatten(prefix: str, tree: dict[str, Any], into: dict[str, str]) -> None:
    for name, value in tree.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}.{name}", value, into)
        else:
            into[f"{prefix}.{name}"] = str(value)


@lru_cache(maxsize=64)
def _room(lang: str, room: str) -> dict[str, str]:
    """The texts of one room by key, empty where there is none; read when first asked for, since a command needs few."""
    found: dict[str, str] = {}
    for file in _files(lang).get(room, ()):
        _flatten(room, tomllib.loads(file.read_text("utf-8")), found)
    return found


@lru_cache(maxsize=len(LANGUAGES))
def _files(lang: str) -> dict[str, list[Path]]:
    """The files of each room."""
    found: dict[str, list[Path]] = {}
    for file in sorted((LOCALES / lang).glob("*.toml")):
        found.setdefault(file.stem.partition("_")[0], []).append(file)
    return found


@lru_cache(maxsize=len(LANGUAGES))
def texts(lang: str) -> dict[str, str]:
    """All texts of a language by key."""
    found: dict[str, str] = {}
    for room in _files(lang):
        found.update(_room(lang, room))
    return found


def room(lang: str, name: str) -> dict[str, str]:
    """The texts of one room by key, for what hands over many at once."""
    return dict(_room(lang, name))


def _found(lang: str, key: str) -> str | None:
    return _room(lang, key.partition(".")[0]).get(key)


class _Figures(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def text(lang: str, key: str, /, **figures: object) -> str:
    """The text of a key with its figures; the key itself where there is none (a test finds those)."""
    found = _found(lang if lang in LANGUAGES else DEFAULT_LANGUAGE, key)
    return key if found is None else found.format_map(_Figures(figures))


def known(lang: str, key: str) -> bool:
    """Whether a language has a text for this key."""
    return _found(lang, key) is not None


def language_of(preferences: str) -> str:
    """The best of our languages for an Accept-Language header or a LANG variable; Chinese where nothing fits."""
    weighed: list[tuple[float, int, str]] = []
    for order, part in enumerate(preferences.replace("_", "-").split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        weighed.append((-quality, order, name.partition("-")[0].partition(".")[0].lower()))
    return next((name for _, _, name in sorted(weighed) if name in LANGUAGES), DEFAULT_LANGUAGE)
