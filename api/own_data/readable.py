"""One's own data for people and for the shelf: a page of HTML in one's language, and a zip file with everything."""

from __future__ import annotations

import base64
import io
from datetime import datetime
from pathlib import Path

import msgspec

from api import formats
from api.audit.archive import Archive
from api.own_data.shapes import Account, OwnData
from api.pages.rendering import render
from api.sampling.telling import type_in_words
from api.texts import LANGUAGES, text
from ledger.clock import DEFAULT_ZONE, micros
from ledger.units import FEN, MINUTES

JSON_FILE = "own-data.json"
_CHECK = Path(__file__).with_name("check.py")


class Section(msgspec.Struct, frozen=True):
    """A table of the page: its heading, the names of its columns, its rows; `figures` are columns with numbers."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    figures: list[bool]


def as_json(data: OwnData) -> bytes:
    """The whole document, indented, in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


def as_zip(data: OwnData, zone: str = DEFAULT_ZONE) -> bytes:
    """The document, a readable page in every language, photos, and a program that checks the words without us."""
    file = io.BytesIO()
    with Archive(file) as archive:
        archive.add(JSON_FILE, as_json(data))
        for lang in LANGUAGES:
            archive.add(f"own-data.{lang}.html", as_page(data, lang, zone).encode())
        archive.add("check.py", _CHECK.read_bytes())
        for photo in data.photos:
            archive.add(f"photos/{photo.about}-{photo.sha256[:8]}.jpg", base64.b64decode(photo.jpeg))
    return file.getvalue()


def as_page(data: OwnData, lang: str, zone: str = DEFAULT_ZONE) -> str:
    """The readable page: whole in itself, it asks no other file and no other machine."""
    told = _Telling(data, lang, zone)
    values = {
        "lang": lang,
        "p": told.say,
        "data": data,
        "at": told.moment(data.at),
        "facts": told.profile(),
        "sections": [one for one in told.sections() if one.rows],
        "erased": bool(data.member["erased"]),
    }
    return render("own_data.html", values)


class _Telling:
    def __init__(self, data: OwnData, lang: str, zone: str) -> None:
        self._data, self._lang, self._zone = data, lang, zone

    def say(self, key: str, /, **figures: object) -> str:
        """A text of the room `privacy`."""
        return text(self._lang, f"privacy.{key}", **figures)

    def moment(self, when: datetime | None) -> str:
        """A moment on the community's clock."""
        return "" if when is None else formats.instant(micros(when), self._lang, self._zone)

    def _day(self, day: str | None) -> str:
        return formats.day(day, self._lang) if day else ""

    def _amount(self, amount: int, unit: str) -> str:
        if unit == MINUTES:
            return formats.hours(amount, self._lang)
        return formats.yuan(amount, self._lang) if unit == FEN else f"{amount:,}"

    def _table(self, title: str, columns: str, rows: list[list[str]], figures: str = "") -> Section:
        names = columns.split()
        return Section(
            self.say(f"own.{title}"),
            [self.say(f"column.{name}") for name in names],
            rows,
            [name in figures.split() for name in names],
        )

    def profile(self) -> list[tuple[str, str]]:
        """What is known of the person, as pairs."""
        m, data = self._data.member, self._data
        roles = [text(self._lang, f"pages.role.{row['role']}") for row in data.roles if row["active"]]
        yes = {True: self.say("own.yes"), False: self.say("own.no")}
        pairs = [
            ("number", f"{m['short_number']} {m['number']}".strip()),
            ("joined", self._day(m["joined_on"])),
            ("guardian", str(m["guardian"] or "")),
            ("proxies", ", ".join(data.proxies)),
            ("acts_for", ", ".join(data.acts_for)),
            ("roles", ", ".join(dict.fromkeys(roles))),
            ("wall", yes[m["wall_named"]]),
            ("donor", yes[m["donor_named"]]),
            ("lifetime", formats.hours(m["earned_minutes"], self._lang)),
        ]
        return [(self.say(f"own.{name}"), value) for name, value in pairs if value]

    def sections(self) -> list[Section]:
        """Every table of the page, in order."""
        d, lang = self._data, self._lang
        return [
            self._words(),
            *(self._account(one) for one in d.accounts),
            self._table("sessions", "number day amount state", [
                [str(s["number"]), self._day(s["day"]), formats.hours(_minutes_of(s), lang), self._state("session", s)]
                for s in d.sessions
            ], "number amount"),
            self._table("requests", "number day what state", [
                [str(r["number"]), self._day(r["posted_day"]), text(lang, f"pages.kind.{r['kind']}"),
                 text(lang, f"pages.status.{r['status']}")]
                for r in d.requests
            ], "number"),
            self._table("claims", "number day state", [
                [str(c["number"]), self._day(c["day"]), self._state("claim", c)] for c in d.claims
            ], "number"),
            self._table("donations", "number day amount", [
                [str(r["number"]), self._day(r["day"]), formats.yuan(r["amount_fen"], lang)] for r in d.donations
            ], "number amount"),
            self._table("photos", "what since", [
                [f"photos/{one.about}-{one.sha256[:8]}.jpg", self.moment(one.kept_at)] for one in d.photos
            ]),
            self._table("certificates", "number amount", [
                [str(c["number"]), formats.hours(c["minutes"], lang)] for c in d.certificates
            ], "number amount"),
            self._table("sign_ins", "what since until", [
                *([f"{self.say('own.token')}: {one['label']}", *self._span(one)] for one in d.sign_ins.tokens),
                *([self.say("own.browser"), *self._span(one)] for one in d.sign_ins.browsers),
                *([text(lang, "pages.signin.mine.card"), *self._span(one)] for one in d.sign_ins.cards),
                *([text(lang, f"pages.signin.what.{one['what']}"), self.moment(datetime.fromisoformat(one["at"])), ""]
                  for one in d.sign_ins.happened),
            ]),
            self._table("events", "position since what", [
                [f"{e.position:,}", self.moment(e.recorded_at), type_in_words(lang, e.type)] for e in d.events
            ], "position"),
        ]  # fmt: skip

    def _account(self, account: Account) -> Section:
        kind = account.account.partition(":")[0]
        kind = "held" if account.account.endswith(":held") else kind
        rows = [
            [f"{one.position:,}", self.moment(one.at), type_in_words(self._lang, one.type),
             self._amount(one.amount, account.unit), self._amount(one.balance, account.unit)]
            for one in account.movements
        ]  # fmt: skip
        return self._table(f"account_{kind}", "position since what amount balance", rows, "position amount balance")

    def _words(self) -> Section:
        rows = []
        for one in self._data.words:
            if one.document is None:
                shown = self.say("name.erased" if one.state == "erased" else "name.corrected")
            else:
                shown = " · ".join(f"{self.say(f'field.{name}')}: {value}" for name, value in one.document.items())
            rows.append([f"{one.position:,}" if one.position else "", self.moment(one.kept_at), shown])
        return self._table("words", "position since what", rows, "position")

    def _state(self, kind: str, row: dict[str, object]) -> str:
        return self.say(f"{kind}.{row['status']}")

    def _span(self, row: dict[str, str | None]) -> list[str]:
        began, ended = row["created_at"], row["revoked_at"] or row["expires_at"]
        return [self.moment(datetime.fromisoformat(one)) if one else "" for one in (began, ended)]


def _minutes_of(session: dict[str, int | None]) -> int:
    corrected = session["corrected_minutes"]
    return int(session["minutes"] or 0) if corrected is None else corrected
