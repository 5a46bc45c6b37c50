"""What a page with a form made from a shape passes to its template: the fields, and what is wrong, said at the top."""

from typing import Any

import msgspec

from anshou.gate.callers import Asked
from anshou.portal.forms.fields import fields_of
from anshou.portal.forms.shown import Choices, names, show
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import language_of
from tenants.refusals import Invalid, Message, Refusal


def form_values(
    request: Asked,
    shape: type[msgspec.Struct],
    typed: Typed = NOTHING,
    *,
    wrong: Refusal | Message | None = None,
    choices: Choices | None = None,
    side: str = "",
) -> dict[str, Any]:
    """`fields` for `record.fields` and `errors` for `fields.summary`, in the reader's language.

    A fault of a field stands beside it and in the summary; any other refusal, or a message, in the summary alone.
    """
    language = language_of(request)
    faults = wrong.field_texts(language.translate) if isinstance(wrong, Invalid) else {}
    shown = show(fields_of(shape), typed=typed, faults=faults, choices=choices, side=side, translate=language.translate)
    known = names(shown)
    errors = [(name if name in known else "", text) for name, text in faults.items()]
    if wrong is not None and not errors:
        errors = [("", language.refusal(wrong) if isinstance(wrong, Refusal) else language.translate(wrong))]
    return {"fields": shown, "errors": errors}
