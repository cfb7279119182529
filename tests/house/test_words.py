"""Every text that people read is in the locale files, in both languages, and none lies there unused."""

from __future__ import annotations

import re
from functools import lru_cache

from tests.house.means import ROOT
from tests.house.test_locales import words

SOURCES = ("ledger", "projections", "api", "docs")
KINDS = (".py", ".html", ".typ", ".js")
HAN = re.compile("[\u4e00-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{3,}")
BLANK = re.compile(r"\{[^{}]*\}")
SAME_IN_BOTH = re.compile(
    r"^[\W\d_]*(?:Nuanlin|English|CSV|XLSX|PDF|PNG|JSON|ID|TOTP|SHA-256|Ed25519|hledger|beancount)?[\W\d_]*$"
)
LITERAL = re.compile(r"""["']([a-z][a-z0-9_.-]*)["']""")
COMPOSED = re.compile(r"""["']((?:[a-z0-9_]+[._])+)(?:\{|["']\s*(?:~|\+))""")
"""A key that is put together from a beginning and a value: `f"kind.{one}"`, `'status.' ~ status`."""


ENDED = re.compile(r"""["']((?:[a-z0-9_]+\.)+)(?:\{[^{}\n]{1,60}\}|["']\ ~[^~\n]{1,40}~\ ["'])(\.?[a-z0-9_.]+)["']""")
"""A value in the middle: `f"papers.{kind}.good"`, `'papers.' ~ kind ~ '.good'`."""
HELPER = re.compile(r"""["']((?:[a-z0-9_]+\.)+)\{key\}["']""")
LEFT_OUT = ("errors.",)
"""A refusal is raised by its code alone."""


@lru_cache(maxsize=1)
def sources() -> str:
    """All code and templates as one text."""
    files = [path for folder in SOURCES for path in (ROOT / folder).rglob("*") if path.suffix in KINDS]
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


@lru_cache(maxsize=1)
def spoken_of() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Every literal that could be a key; every beginning that keys are put together from; and every beginning that a
    helper puts in front of what it is given (`f"pages.{key}"`), so that its callers leave it out."""
    rooms = tuple({f"{key.partition('.')[0]}." for key in words("zh")})
    helpers = {one for one in (*HELPER.findall(sources()), *LEFT_OUT) if one.startswith(rooms)}
    beginnings = {one for one in COMPOSED.findall(sources()) if one not in helpers}
    return frozenset(LITERAL.findall(sources())), tuple(sorted(beginnings)), tuple(sorted(helpers))


@lru_cache(maxsize=1)
def composed() -> tuple[str, ...]:
    """Every beginning that a value follows."""
    return tuple(sorted(set(COMPOSED.findall(sources()))))


@lru_cache(maxsize=1)
def ended() -> frozenset[tuple[str, str]]:
    """Beginning and end of every key with a value in its middle."""
    return frozenset((begin, end) for begin, end in ENDED.findall(sources()) if begin.strip("."))


def is_used(key: str) -> bool:
    """Whether code or a template names the key, or puts it together."""
    literals, beginnings, helpers = spoken_of()
    spellings = [key, *(key.removeprefix(one) for one in helpers if key.startswith(one))]
    named = any(one in literals or one.startswith(beginnings) for one in spellings)
    # What a helper has put its own beginning before may begin like a room: `f"papers.{kind}.{tone}"` below `pages.`.
    named = named or any(one.startswith(composed()) for one in spellings[1:])
    named = named or any(one.startswith(begin) and one.endswith(end) for one in spellings for begin, end in ended())
    # A paper is handed a whole table of words, and names each of them in its template.
    last = key.rpartition(".")[2]
    taken = (f"words.{last}", f'"{last}"', f'}}_{last.rpartition("_")[2]}"')
    return named or (key.startswith("papers.") and ".words." in key and any(one in sources() for one in taken))


def test_no_text_lies_unused() -> None:
    assert sorted(key for key in words("zh") if not is_used(key)) == []


def test_an_unused_text_is_noticed() -> None:
    assert not is_used("pages.nothing_of_the_kind.never_said")
    assert is_used("pages.frame.skip")


BELOW_THE_TITLE = "words.subtitle"
"""A paper carries its title in the other language, too."""
TYPED = "pages.commands."
"""What is typed into a shell."""


def test_chinese_texts_are_chinese() -> None:
    untranslated = {
        key: text
        for key, text in words("zh").items()
        if not key.endswith(BELOW_THE_TITLE)
        and not key.startswith(TYPED)
        and not HAN.search(text)
        and LETTERS.search(BLANK.sub("", text))
        and not SAME_IN_BOTH.match(BLANK.sub("", text))
    }
    assert untranslated == {}


def test_english_texts_are_english() -> None:
    # The switch of the language says in Chinese where it leads.
    switches = {"pages.frame.other_language"}
    found = {key for key, text in words("en").items() if HAN.search(text) and not key.endswith(BELOW_THE_TITLE)}
    assert found <= switches


def test_a_template_says_nothing_by_itself() -> None:
    """No words between the tags of a template: whatever is read comes by a key."""
    spoken = {}
    for path in sorted((ROOT / "api" / "templates").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
        text = re.sub(r"<(style|script|code|pre|kbd)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = re.sub(r"<[^<>]*>", " ", text, flags=re.DOTALL)
        text = re.sub(r"[a-z-]+=\"[^\"]*\"", " ", text)
        text = re.sub(r"&[a-z]+;|&#\d+;", " ", text)
        if found := re.findall(r"[^\W\d_]{2,}", text):
            spoken[path.name] = found[:8]
    assert spoken == {}


FORMATTED = re.compile(r":%[HMYd]|strftime|,\.2f|scaleb\(-2\)|'%d\.%02d'|divmod\([a-z_]+, 60\)")
"""What looks like a date, a time, hours or money being spelled."""
FOR_MACHINES = {"api/pages/fund/report_files.py"}
"""Cells of a workbook hold numbers, which the workbook itself spells."""


def test_dates_hours_and_money_are_spelled_in_one_place() -> None:
    places = [
        path for folder in ("pages", "papers", "signin", "templates") for path in (ROOT / "api" / folder).rglob("*")
    ]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in places
        if path.suffix in KINDS and FORMATTED.search(path.read_text(encoding="utf-8"))
    }
    assert found - FOR_MACHINES == set()
    assert FORMATTED.search((ROOT / "api" / "formats.py").read_text(encoding="utf-8"))
