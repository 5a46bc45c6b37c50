"""Where the pages are, and what sources are called."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from billing.bills.layouts.known import KNOWN
from billing.reconciliation import books

RECONCILIATION = "/reconciliation"

_LABELS = {layout.code: layout.label for layout in KNOWN} | {book.source: book.label for book in books.books()}


def label_of(source: str) -> str:
    """What people call a source: the msgid of a known layout or book, or the name that the tenant gave."""
    return _LABELS.get(source, source)


def match_of(match_id: UUID) -> str:
    """The page of one match."""
    return f"{RECONCILIATION}/matches/{match_id}"


def bench_of(source: str, account: str, month: date) -> str:
    """The desk of an account's month."""
    return f"{RECONCILIATION}/bench?{urlencode({'source': source, 'account': account, 'month': f'{month:%Y-%m}'})}"
