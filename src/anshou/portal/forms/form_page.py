"""A page that asks for one shape: most pages that add or change a thing are no more than that."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Response

from anshou.gate.callers import Asked
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import fragment, page, wants_fragment
from tenants.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """What stands around the fields, in the reader's language already.

    - `action`: where the form is sent; `back`: where cancelling leads.
    - `trail`: label and address of the pages above this one.
    - `intro`: a sentence before the fields.
    - `files`: what files may come along, and what they are for; empty for none.
    """

    heading: str
    action: str
    back: str
    button: str
    trail: tuple[tuple[str, str], ...] = ()
    intro: str = ""
    danger: bool = False
    files: str = ""


def show_form(
    request: Asked,
    form: FormPage,
    shape: type[msgspec.Struct],
    typed: Typed = NOTHING,
    *,
    wrong: Refusal | None = None,
    choices: Choices | None = None,
    side: str = "",
    kept: Collection[tuple[str, str]] = (),
    without: Collection[str] = (),
    **values: Any,
) -> Response[str]:
    """The page, or only its form where the dialog's script asks.

    `without` names fields that the page itself knows; `kept` are files that an earlier sending of the form has brought
    (`portal.kept_files.shown_kept`).
    """
    shown = form_values(request, shape, typed, wrong=wrong, choices=choices, side=side)
    shown["fields"] = [field for field in shown["fields"] if field.name not in without]
    status = status_of(wrong) if wrong else 200
    if wants_fragment(request):
        return fragment(request, "forms/_asking.html", status_code=status, form=form, kept=kept, **shown, **values)
    return page(request, "forms/asking.html", status_code=status, form=form, kept=kept, **shown, **values)
