"""What somebody typed into a form they have not sent yet: kept in this process's memory, for one sign-in alone.

Every step of a form answers by leading on to a page of its own (303), so that Back and Reload ask for a page and send
nothing. What was typed must wait somewhere in between: here, and nowhere on a disk. A draft is found only with the session
that it was typed under; after signing out nobody has that session any more. The page itself carries every answer too, so
that a restart in the middle costs nothing but the way back.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

import msgspec

from ledger.clock import MICROS_PER_MINUTE

_MINUTES = 120
"""So long after the last answer a draft is kept (choice: a long telephone call, not a day)."""
_EACH = 20
"""So many drafts of one sign-in, so that nobody takes the others' room (choice)."""
_LETTERS = 20_000_000
"""So many letters of all drafts together: some 60 MB (choice)."""


class Wrong(msgspec.Struct, frozen=True):
    """What was wrong: the error's code and details, and the question's name, "" where it is none of them."""

    code: str
    details: Mapping[str, object]
    name: str = ""


class Draft(msgspec.Struct, frozen=True):
    """The answers to a form that began at the address `began`; what was wrong with them, where that was told, under which
    status; and where the form led when it had been sent, "" before."""

    form: str
    began: str
    answers: Mapping[str, str]
    wrong: tuple[Wrong, ...] = ()
    status: int = 200
    sent: str = ""
    at: int = 0

    @property
    def letters(self) -> int:
        """How much room it takes."""
        return sum(len(name) + len(said) for name, said in self.answers.items())


class Drafts:
    """The drafts of one running application, by session and key. `now_at` is in microseconds."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Draft] = OrderedDict()
        self._letters = 0
        self._lock = threading.Lock()

    def keep(self, session: str, key: str, draft: Draft, now_at: int) -> None:
        """Keep a draft in place of the one before; the oldest make room."""
        with self._lock:
            self._drop((session, key))
            mine = [one for one in self._kept if one[0] == session]
            for one in mine[: len(mine) - _EACH + 1] if len(mine) >= _EACH else ():
                self._drop(one)
            self._kept[(session, key)] = msgspec.structs.replace(draft, at=now_at)
            self._letters += draft.letters
            while self._kept and (self._letters > _LETTERS or self._is_old(next(iter(self._kept.values())), now_at)):
                self._drop(next(iter(self._kept)))

    def find(self, session: str, key: str, form: str, now_at: int) -> Draft | None:
        """A draft of this form under this key."""
        with self._lock:
            draft = self._kept.get((session, key))
        return draft if draft is not None and draft.form == form and not self._is_old(draft, now_at) else None

    def begun(self, session: str, form: str, began: str, now_at: int) -> tuple[str, Draft] | None:
        """The latest draft of this form that began at this address and was not sent, with its key."""
        with self._lock:
            mine = [(one[1], draft) for one, draft in self._kept.items() if one[0] == session]
        for key, draft in reversed(mine):
            if (draft.form, draft.began) == (form, began) and not draft.sent and not self._is_old(draft, now_at):
                return key, draft
        return None

    def _is_old(self, draft: Draft, now_at: int) -> bool:
        return draft.at + _MINUTES * MICROS_PER_MINUTE < now_at

    def _drop(self, one: tuple[str, str]) -> None:
        draft = self._kept.pop(one, None)
        if draft is not None:
            self._letters -= draft.letters
