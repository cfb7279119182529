"""The forms of this face."""

from __future__ import annotations

from api.pages.fund.forms_deciding import FORMS_DECIDING
from api.pages.fund.forms_money import FORMS_MONEY

FORMS = (*FORMS_MONEY, *FORMS_DECIDING)
