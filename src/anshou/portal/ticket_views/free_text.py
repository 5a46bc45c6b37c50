"""The free text of a report: what a person typed that everybody reads who reads the ticket."""

import msgspec

from anshou.consumers.slips import masked
from anshou.tickets.reports import Report

FREE = ("title", "description", "request")


def free_text(report: Report) -> list[str]:
    """The report's texts, to look for numbers of people in them."""
    return [getattr(report, name) for name in FREE]


def masked_report(report: Report) -> Report:
    """The report with every number of a person in its texts masked."""
    return msgspec.structs.replace(report, **{name: masked(getattr(report, name)) for name in FREE})
