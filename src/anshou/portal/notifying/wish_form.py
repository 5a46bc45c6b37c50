"""The form for wishes, the same for oneself and for the default of a role."""

from collections.abc import Collection
from typing import Any

from litestar import Response

from anshou.gate.callers import Asked
from anshou.notifying.kinds import EventKind
from anshou.notifying.wishes import Mailing, Timing, Wishes
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import page
from tenants.refusals import Refusal

# What reaches a merchant's people at all.
OF_MERCHANTS = frozenset(
    {
        EventKind.OPENED,
        EventKind.MESSAGE,
        EventKind.DECISION,
        EventKind.PROGRESS,
        EventKind.FINANCE,
        EventKind.CONFIDENTIALITY,
    }
)
OF_STAFF = frozenset(EventKind)


def show_wishes(
    request: Asked, template: str, typed: Typed, kinds: Collection[EventKind], wrong: Refusal | None, **values: Any
) -> Response[str]:
    """The page: one line for each of the kinds, then the hours."""
    shown = form_values(request, Wishes, typed, wrong=wrong)
    timing = set(Timing.__struct_fields__)
    hours = [field for field in shown["fields"] if field.name in timing]
    lines = [field for field in shown["fields"] if field.name in {kind.value for kind in kinds}]
    return page(
        request,
        template,
        status_code=status_of(wrong) if wrong else 200,
        hours=hours,
        lines=lines,
        mailings=list(Mailing),
        errors=shown["errors"],
        **values,
    )
