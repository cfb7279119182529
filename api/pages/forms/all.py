"""Every form of the product by its name."""

from __future__ import annotations

from api.pages.forms.form import Form

FORMS: tuple[Form, ...] = ()
"""One line per face."""

BY_NAME: dict[str, Form] = {form.name: form for form in FORMS}
