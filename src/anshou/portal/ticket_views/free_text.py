"""The free text of a form: what a person types that everybody reads who reads the ticket."""

from collections.abc import Iterator, Sequence

import msgspec

from anshou.portal.forms.fields import Field, fields_of
from anshou.portal.forms.typed import Typed
from anshou.tickets.records import Record
from anshou.tickets.reports import Report
from confidentiality.slips import masked

FREE = ("title", "description", "request")

# Widgets whose value is words; times, figures and things have their own.
WORDS = frozenset({"line", "text", "lines"})


def free_text(report: Report) -> list[str]:
    """The report's texts, to look for numbers of people in them."""
    return [getattr(report, name) for name in FREE]


def masked_report(report: Report) -> Report:
    """The report with every number of a person in its texts masked."""
    return msgspec.structs.replace(report, **{name: masked(getattr(report, name)) for name in FREE})


def free_text_typed(record: type[Record], typed: Typed) -> list[str]:
    """What was typed into the record's fields for words."""
    return [text for name, texts in typed.values.items() if _is_words(record, name) for text in texts]


def masked_typed(record: type[Record], typed: Typed) -> Typed:
    """The form with every number of a person masked in its fields for words."""
    return Typed(
        {
            name: [masked(text) for text in texts] if _is_words(record, name) else texts
            for name, texts in typed.values.items()
        }
    )


def _is_words(record: type[Record], path: str) -> bool:
    """Whether the field at the path, `measures[0].action`, is one for words; by its own name, wherever it stands."""
    return path.rpartition(".")[2] in set(_names(fields_of(record)))


def _names(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        if field.widget in WORDS:
            yield field.name
        yield from _names(field.parts)
