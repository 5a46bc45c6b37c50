"""A voucher before it is posted, and what identifies its content."""

from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec

from billing.days import is_bookable
from billing.ledger.errors import VoucherInvalid, VoucherUnbalanced
from billing.ledger.uses import AccountUse, Side
from billing.parties import Party
from tenants.refusals import N_, Message

# Ten million million yuan; the database holds the same bound.
MOST = 10**15


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One entry to be: `fen` on a side of an account, named by its use or its code, and whom and what it concerns.

    `version_id` is the version of the contract whose `clause` decided; `department` the one that is charged.
    """

    account: AccountUse | str
    side: Side
    fen: int
    currency: str = "CNY"
    party: Party | None = None
    merchant_id: UUID | None = None
    shop_id: UUID | None = None
    ticket_id: UUID | None = None
    cost_item_id: UUID | None = None
    version_id: UUID | None = None
    clause: str | None = None
    department: str | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A voucher to be. `source` says in a word of code what made it (`cost_item`, `allocation`, `bank_line`) and
    `source_id` which one."""

    booked_on: date
    summary: str
    source: str
    postings: tuple[Posting, ...]
    source_id: UUID | None = None

    def check(self) -> None:
        """Raises VoucherInvalid or VoucherUnbalanced; the database would refuse the same in fewer words."""
        if not self.summary.strip():
            raise VoucherInvalid("summary", Message(N_("请填写摘要")))
        if not is_bookable(self.booked_on):
            raise VoucherInvalid("booked_on", Message(N_("日期须在 2000 年至 2199 年之间")))
        if len(self.postings) < 2:
            raise VoucherInvalid("postings", Message(N_("一张凭证至少要有两条分录")))
        difference: dict[str, int] = {}
        for position, posting in enumerate(self.postings):
            # A bool is an int to Python, and a float could have lost fen before it came here.
            if type(posting.fen) is not int or not 0 < posting.fen <= MOST:
                raise VoucherInvalid(f"postings[{position}].fen", Message(N_("分录金额须为大于零的整数分")))
            fen = posting.fen if posting.side is Side.DEBIT else -posting.fen
            difference[posting.currency] = difference.get(posting.currency, 0) + fen
        if any(difference.values()):
            raise VoucherUnbalanced(*min(found for found in difference.items() if found[1]))

    def fingerprint(self, kind: str) -> bytes:
        """SHA-256 of what is asked for: the same request has the same, any other another."""
        return sha256(msgspec.json.encode((kind, self))).digest()
