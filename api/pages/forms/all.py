"""Every form of the product by its name."""

from __future__ import annotations

from api.pages.admin.forms import FORMS as ADMIN
from api.pages.forms.form import Form
from api.pages.fund.forms import FORMS as FUND
from api.pages.partner.forms import FORMS as PARTNER
from api.pages.resident.forms import FORMS as RESIDENT
from api.pages.volunteer.forms import FORMS as VOLUNTEER
from api.pages.worker.forms import FORMS as WORKER

FORMS: tuple[Form, ...] = (
    *ADMIN,
    *FUND,
    *PARTNER,
    *RESIDENT,
    *VOLUNTEER,
    *WORKER,
)
"""One line per face."""

BY_NAME: dict[str, Form] = {form.name: form for form in FORMS}
