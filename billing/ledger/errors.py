"""What the ledger refuses."""

from datetime import date

from billing.ledger.uses import AccountUse
from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class VoucherNotFound(NotFound):
    """Raised when there is no such voucher."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这张凭证。"))


class AccountNotFound(NotFound):
    """Raised when the chart has no account with this code, or none for this use and currency."""

    def __init__(self, account: str | AccountUse) -> None:
        named = Message(account.label) if isinstance(account, AccountUse) else account
        super().__init__(N_("科目表中没有科目“%(account)s”。"), account=named)


class PeriodNotFound(NotFound):
    """Raised when the month was never opened."""

    def __init__(self, month: date) -> None:
        super().__init__(N_("会计期间 %(month)s 尚未启用。"), month=f"{month:%Y-%m}")


class VoucherUnbalanced(Invalid):
    """Raised when debit and credit of a voucher differ in a currency; `difference` is debit less credit, in fen."""

    def __init__(self, currency: str, difference: int) -> None:
        self.difference = difference
        super().__init__(N_("凭证借贷不平（%(currency)s），不能过账。"), currency=currency)


class VoucherInvalid(Invalid):
    """Raised when a voucher cannot be posted as it was drafted; `fields` names what to put right."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(N_("凭证不能过账：%(why)s"), {field: message}, why=message)


class AccountInvalid(Invalid):
    """Raised when an account cannot be added or changed like this."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(N_("请检查科目：%(why)s"), {field: message}, why=message)


class AccountUnfit(Conflict):
    """Raised when an account takes no entries: it only sums others up, is retired, or is kept in another currency."""

    def __init__(self, code: str) -> None:
        super().__init__(N_("科目 %(code)s 不能记账：不是末级科目、已停用，或币种不符。"), code=code)


class CurrencyNotKept(Conflict):
    """Raised when something would be booked in a currency for which the chart has no accounts yet."""

    def __init__(self, currency: str) -> None:
        said = N_("账簿尚未启用 %(currency)s：请财务先在“账簿”的“科目”页启用该币种，再重试。")
        super().__init__(said, currency=currency)


class PeriodClosed(Conflict):
    """Raised when something would be posted into a month that is closed, or that lies before a closed one."""

    def __init__(self, month: date) -> None:
        super().__init__(N_("会计期间 %(month)s 已结账，不能再记账。"), month=f"{month:%Y-%m}")


class PeriodNotReady(Conflict):
    """Raised when a period is not in the state that the change asks for."""

    def __init__(self, month: date, why: Message) -> None:
        super().__init__(N_("会计期间 %(month)s：%(why)s"), month=f"{month:%Y-%m}", why=why)


class SecondPersonNeeded(Conflict):
    """Raised when the person who asked for a period to be reopened would also decide it."""

    def __init__(self) -> None:
        super().__init__(N_("反结账须由申请人以外的另一人批准。"))


class KeyUsedOtherwise(Conflict):
    """Raised when an idempotency key comes again with another content."""

    def __init__(self) -> None:
        super().__init__(N_("这次记账的编号已用于另一张内容不同的凭证。"))


class AlreadyReversed(Conflict):
    """Raised when the voucher was reversed before; `reversal` of the vouchers' module finds by what."""

    def __init__(self) -> None:
        super().__init__(N_("这张凭证已经冲销，不能再次冲销。"))


class ReversalNotReversible(Conflict):
    """Raised when a reversal itself would be reversed: what was right after all is posted anew."""

    def __init__(self) -> None:
        super().__init__(N_("冲销凭证不能再冲销，请重新记账。"))
