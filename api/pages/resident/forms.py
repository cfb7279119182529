"""Every form of residents."""

from __future__ import annotations

from api.pages.forms.form import Form
from api.pages.resident.forms_asking import ASKING
from api.pages.resident.forms_own import OWN
from api.pages.resident.forms_standing import STANDING

FORMS: tuple[Form, ...] = (*ASKING, *OWN, *STANDING)
