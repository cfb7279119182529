"""The one tree of domain errors. Each has a `code`; the words for people live in the locale files under `errors.<code>`.

NuanlinError
├── Refused          a rule says no, or the input is bad      HTTP 422   exit 1
├── NotFound         no such thing                            HTTP 404   exit 1
├── Conflict         somebody else was first, or a key reused HTTP 409   exit 1
├── NotYours         the actor has no right to it             HTTP 403   exit 1
├── NotSignedIn      no valid token                           HTTP 401   exit 1
├── TooMany          slow down                                HTTP 429   exit 1
├── Unusable         the store or its keys cannot be used     HTTP 503   exit 1
└── UnknownFact      the journal holds a type we do not know  HTTP 500   exit 1
"""

from __future__ import annotations


class NuanlinError(Exception):
    """A plain refusal with a stable code and the figures that explain it."""

    status = 500

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        figures = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code} ({figures})" if figures else self.code


class Refused(NuanlinError):
    """A rule says no, or the input cannot be read."""

    status = 422


class NotFound(NuanlinError):
    """What was named does not exist, or may not be known to exist."""

    status = 404


class Conflict(NuanlinError):
    """Somebody else was first, the version moved on, or a key came with another body."""

    status = 409


class NotYours(NuanlinError):
    """The actor has no right to do this."""

    status = 403


class NotSignedIn(NuanlinError):
    """No token, or one that is not valid any more."""

    status = 401


class TooMany(NuanlinError):
    """More than the limit in this time."""

    status = 429


class Unusable(NuanlinError):
    """The store, or a key it needs, cannot be used."""

    status = 503


class UnknownFact(NuanlinError):
    """The journal holds an event type that this program does not know: an error, never skipped (design §1.2)."""

    status = 500
