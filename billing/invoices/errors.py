"""What invoices refuse."""

from datetime import date

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class InvoiceNotFound(NotFound):
    """Raised when there is no such request for this person."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这份开票申请。"))


class InvoiceFileNotFound(NotFound):
    """Raised when the invoice has no such file."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这份发票文件。"))


class InvoiceNotOpen(Conflict):
    """Raised when that cannot be done to a request as it stands, also when somebody else was faster."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(
            N_("开票申请 %(number)s 现为“%(state)s”，不能进行这项操作。"), number=number, state=Message(state)
        )


class OverInvoiced(Conflict):
    """Raised when more would be invoiced than the statement bills, also when somebody asked at the same moment."""

    def __init__(self) -> None:
        super().__init__(N_("开票金额超过对账单已确认且尚未开票的金额，请刷新后按剩余金额申请。"))


class AlreadyCorrected(Conflict):
    """Raised when an invoice has been, or is being, red-lettered."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("开票申请 %(number)s 的发票已红冲，或已有红冲申请在办。"), number=number)


class BuyerMissing(Conflict):
    """Raised when an invoice is wanted and nobody said to whom it is made out."""

    def __init__(self) -> None:
        super().__init__(N_("请先登记购买方开票资料。"))


class NumberTaken(Conflict):
    """Raised when another request has this invoice's number."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("发票号码 %(number)s 已登记在另一份开票申请上。"), number=number)


class NoInvoiceFile(Conflict):
    """Raised when an invoice would be handed over that nobody can open."""

    def __init__(self) -> None:
        super().__init__(N_("请先上传发票文件，再登记交付。"))


class InvoiceFileTwice(Conflict):
    """Raised when a file is put to an invoice that has it already."""

    def __init__(self) -> None:
        super().__init__(N_("这份文件已经上传。"))


class TooManyInvoiceFiles(Invalid):
    """Raised when an invoice would have more files than there are forms of it."""

    def __init__(self, most: int) -> None:
        expected = Message(N_("一张发票最多 %(most)s 份文件"), most=most)
        super().__init__(N_("%(expected)s"), {"files": expected}, expected=expected)


class InvoiceInvalid(Invalid):
    """Raised when what is asked or recorded does not fit; `field` is the one to put right."""

    def __init__(self, field: str, expected: Message) -> None:
        super().__init__(N_("%(expected)s"), {field: expected}, expected=expected)


class NothingToInvoice(Invalid):
    """Raised when the statement has nothing (left) to be invoiced."""

    def __init__(self, month: date) -> None:
        expected = Message(N_("%(month)s 的对账单没有可开票的金额"), month=f"{month:%Y-%m}")
        super().__init__(N_("%(expected)s"), {"statements": expected}, expected=expected)
