"""Accounts as they are offered and headed, in the reader's language where the name is still the software's own."""

from collections.abc import Iterable

from anshou.language import Language
from anshou.portal.formats import booked
from billing.ledger.accounts import LedgerAccount


def full_name(account: LedgerAccount, language: Language) -> str:
    """`1002 银行存款`."""
    return f"{account.code} {booked(account.name, language=language, marked=False)}"


def account_choices(accounts: Iterable[LedgerAccount], language: Language) -> list[tuple[str, str]]:
    """The options of a choice among accounts."""
    return [(one.code, full_name(one, language)) for one in accounts]
