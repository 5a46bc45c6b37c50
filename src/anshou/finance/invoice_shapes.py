"""What is asked for and recorded of invoices: the shapes of forms and of the JSON API."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from anshou.merchants.accounts import is_credit_code
from billing.clauses import MOST
from billing.invoices.moving import Item
from billing.invoices.rows import Cause, InvoiceKind
from confidentiality.sealing import masks
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

Reason = Annotated[str, Meta(min_length=1, max_length=500, title=N_("原因"), extra={"widget": "text"})]


class Rate(Labelled):
    """What a line can be taxed at, in per cent."""

    SIX = "6", "6%"
    THIRTEEN = "13", "13%"
    NINE = "9", "9%"
    FIVE = "5", "5%"
    THREE = "3", "3%"
    ONE = "1", "1%"
    NONE = "0", "0%"


class BuyerCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom the invoices are made out. The tax number is the unified social credit code (GB 32100)."""

    name: Annotated[str, Meta(min_length=1, max_length=100, title=N_("购买方名称"))]
    tax_number: Annotated[str, Meta(max_length=30, title=N_("纳税人识别号（统一社会信用代码）"))] = ""
    address: Annotated[str, Meta(max_length=100, title=N_("地址"))] = ""
    phone: Annotated[str, Meta(max_length=30, title=N_("电话"))] = ""
    bank: Annotated[str, Meta(max_length=100, title=N_("开户银行"))] = ""
    account: Annotated[str, Meta(max_length=40, title=N_("银行账号"))] = ""

    def __post_init__(self) -> None:
        """Refuse a name of blanks, a code whose check character is wrong and an account that is no number."""
        if not self.name.strip():
            raise Unfit(Message(N_("请填写购买方名称")), "name")
        if self.code and not is_credit_code(self.code):
            raise Unfit(Message(N_("不是有效的统一社会信用代码（校验码不符），请核对")), "tax_number")
        account = masks.normal_number(self.account)
        if self.account.strip() and not (account.isascii() and account.isdigit() and 8 <= len(account) <= 32):
            raise Unfit(Message(N_("银行账号须为 8 到 32 位数字")), "account")

    @property
    def code(self) -> str:
        """The tax number as it is kept."""
        return masks.normal_number(self.tax_number).upper()


class InvoiceAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice for what is open of the statements, or for `fen` of a single one."""

    kind: Annotated[InvoiceKind, Meta(title=N_("发票种类"))]
    statements: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=36, title=N_("对账单"))]
    fen: Annotated[int | None, Meta(title=N_("只开一部分时的含税金额"), extra={"widget": "money"})] = None
    note: Annotated[str, Meta(max_length=200, title=N_("备注"))] = ""

    def __post_init__(self) -> None:
        """Refuse a part of several, which would leave open of which."""
        if self.fen is not None and not 1 <= self.fen <= MOST:
            raise Unfit(Message(N_("开票金额须大于零")), "fen")
        if self.fen is not None and len(self.statements) != 1:
            raise Unfit(Message(N_("只开一部分时请只选一份对账单")), "fen")


class ItemGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the invoice. The amount is with tax; the tax code the 19 digits of 商品和服务税收编码."""

    item: Annotated[str, Meta(min_length=1, max_length=90, title=N_("项目名称"))]
    tax_code: Annotated[str, Meta(max_length=19, title=N_("税收分类编码"))] = ""
    rate: Annotated[Rate, Meta(title=N_("税率"))] = Rate.SIX
    fen: Annotated[int, Meta(title=N_("含税金额"), extra={"widget": "money"})]

    def __post_init__(self) -> None:
        """Refuse what could be on no invoice."""
        if not self.item.strip():
            raise Unfit(Message(N_("请填写项目名称")), "item")
        if self.tax_code and not (self.tax_code.isascii() and self.tax_code.isdigit() and len(self.tax_code) == 19):
            raise Unfit(Message(N_("税收分类编码须为 19 位数字")), "tax_code")
        if not 1 <= self.fen <= MOST:
            raise Unfit(Message(N_("含税金额须大于零")), "fen")

    def as_item(self) -> Item:
        """The line as billing splits it."""
        return Item(self.item.strip(), self.tax_code, int(self.rate.value), self.fen)


class InvoiceAccepted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lines that are to stand on it; together they come to the amount that was asked for."""

    lines: Annotated[tuple[ItemGiven, ...], Meta(min_length=1, max_length=50, title=N_("开票项目"))]


class InvoiceRecorded(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the tax bureau's program gave out. A digital invoice's number begins with the year's last two digits."""

    invoice_number: Annotated[str, Meta(max_length=30, title=N_("发票号码（20 位）"))]
    issued_on: Annotated[date, Meta(title=N_("开票日期"))]

    def __post_init__(self) -> None:
        """Refuse a number that no digital invoice has."""
        number = self.number
        if not (number.isascii() and number.isdigit() and len(number) == 20):
            raise Unfit(Message(N_("发票号码须为 20 位数字")), "invoice_number")
        if number[:2] != f"{self.issued_on:%y}":
            raise Unfit(Message(N_("发票号码前两位须与开票日期的年份一致")), "invoice_number")

    @property
    def number(self) -> str:
        """The number without the blanks that people put between its digits."""
        return "".join(self.invoice_number.split())


class RedInvoiceRecorded(InvoiceRecorded, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of a red one, with the number of the notice by which the tax bureau allowed it."""

    confirmation: Annotated[str, Meta(min_length=1, max_length=40, title=N_("红字发票信息确认单编号"))]


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an invoice is taken back, all of it."""

    cause: Annotated[Cause, Meta(title=N_("红冲原因"))]
    reason: Annotated[str, Meta(min_length=1, max_length=500, title=N_("说明"), extra={"widget": "text"})]


class Dropped(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request is refused or cancelled."""

    reason: Reason


class Handed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the invoice came to its buyer."""

    how: Annotated[str, Meta(min_length=1, max_length=200, title=N_("交付方式"))]
