"""The errors that concern a whole file or its map. Errors of single cells are `CellError`s, of single rows refusals."""

from __future__ import annotations

from api.imports.reasons import explain
from ledger.errors import Refused


class ImportRefused(Refused):
    """The file cannot be imported as it is. As text: one plain English sentence; `explain` has it in Chinese too."""

    def __str__(self) -> str:
        return explain(self.code, "en", **self.details)


class SheetError(ImportRefused):
    """The file is no sheet we can read, or not one of this kind. `code` and `details` say what and where."""


class MapError(ImportRefused):
    """The mapping file is wrong, or does not fit the sheet."""
