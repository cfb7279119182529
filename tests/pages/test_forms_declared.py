"""What holds of every form there is: it can be reached, it fills a command, and it says what was done."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from api.pages.forms.all import BY_NAME, FORMS, by_name
from api.pages.forms.confirming import figures_of
from api.pages.forms.form import Field, Form, _no_figures
from api.pages.forms.telling import ABOUT, OTHERWISE, THINGS
from api.texts import LANGUAGES, known, text
from ledger.base import Fact

EVERY = pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
ALSO = {"left", "held"}
"""What is said of whoever's hours a fact moves."""


def _inside(kind: Any) -> dict[str, Any]:
    """The fields of the struct that a field of a command holds, or holds many of."""
    for one in (kind, *get_args(kind)):
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
            return get_type_hints(one)
    return {}


def _strangers(form: Form) -> list[str]:
    """Fields of a form that its command does not have."""
    known_fields = get_type_hints(form.command)

    def is_known(field: Field) -> bool:
        head, _, inner = field.name.partition(".")
        if head not in known_fields:
            return False
        named = [inner, *(column.name for column in field.columns)]
        return all(not name or name in _inside(known_fields[head]) for name in named)

    return [field.name for field in form.fields if not field.aside and not is_known(field)]


def test_two_forms_of_one_name_are_refused() -> None:
    assert len(BY_NAME) == len(FORMS)
    with pytest.raises(ValueError, match="two forms are called give"):
        by_name([BY_NAME["give"], BY_NAME["give"]])


@EVERY
def test_what_a_form_asks_for_is_what_its_command_takes(form: Form) -> None:
    assert not _strangers(form)


def test_a_field_that_no_command_takes_is_found() -> None:
    give = BY_NAME["give"]
    stray = (
        Field(name="recipient", label="x"),
        Field(name="words.colour", label="x"),
        Field(name="giver.x", label="x"),
    )

    assert _strangers(msgspec.structs.replace(give, fields=stray)) == ["recipient", "words.colour", "giver.x"]


@EVERY
def test_what_people_are_asked_has_words_in_both_languages(form: Form) -> None:
    keys = [form.title, form.lead, form.send, form.next, form.again]
    for field in form.fields:
        keys += [field.hint, *(one for column in field.columns for one in (column.label, column.hint))]
        keys += [field.label] if field.kind != "hidden" else []

    assert [key for key in keys if key for lang in LANGUAGES if not known(lang, f"pages.{key}")] == []


@EVERY
def test_a_form_says_in_a_sentence_what_was_done(form: Form) -> None:
    kinds: list[tuple[type[Fact] | None, str]] = [(ABOUT.get(form.command), "")]
    if form.done is None and form.name in OTHERWISE:
        kinds.append(OTHERWISE[form.name])
    for kind, ending in kinds:
        key = form.sentence + ending
        for lang in LANGUAGES:
            assert known(lang, f"pages.{key}"), key
        if form.done is not None:
            continue
        # The figures come from the fact, from what its ids lead to, or from the form itself.
        fields = set() if kind is None else set(kind.__struct_fields__)
        said = fields | ALSO | {name for one in fields & THINGS.keys() for name in THINGS[one][1]}
        missing = figures_of("zh", key) - said
        assert not missing or form.figures is not _no_figures, missing
        assert figures_of("zh", key), "a sentence without a figure or a name says nothing"
        assert text("zh", f"pages.{key}").endswith("。")


@EVERY
def test_a_confirmation_says_what_happens_next(form: Form) -> None:
    assert form.done is not None or all(known(lang, f"pages.{form.after}") for lang in LANGUAGES)


def test_every_sentence_is_a_forms_own() -> None:
    sentences = [form.sentence for form in FORMS if form.done is None]

    assert len(sentences) == len(set(sentences))
