"""Every form of the product by its name."""

from __future__ import annotations

from collections.abc import Iterable

from api.pages.admin.forms import FORMS as ADMIN
from api.pages.correcting.forms import FORMS as CORRECTING
from api.pages.forms.form import Form
from api.pages.fund.forms import FORMS as FUND
from api.pages.partner.forms import FORMS as PARTNER
from api.pages.resident.forms import FORMS as RESIDENT
from api.pages.volunteer.forms import FORMS as VOLUNTEER
from api.pages.worker.forms import FORMS as WORKER

FORMS: tuple[Form, ...] = (
    *ADMIN,
    *CORRECTING,
    *FUND,
    *PARTNER,
    *RESIDENT,
    *VOLUNTEER,
    *WORKER,
)
"""One line per face."""


def by_name(forms: Iterable[Form]) -> dict[str, Form]:
    """The forms by their names. Raises ValueError for a name that two have: one of them could not be reached."""
    found: dict[str, Form] = {}
    for form in forms:
        if form.name in found:
            raise ValueError(f"two forms are called {form.name}")
        found[form.name] = form
    return found


BY_NAME: dict[str, Form] = by_name(FORMS)
