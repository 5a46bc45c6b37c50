"""What people state of a consumer's case, and how they correct it later. Neither shows its content when printed."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from anshou.consumers.numbers import is_phone
from anshou.consumers.solutions import WANTED, Solution
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


def _words(title: str, longest: int, widget: str = "line") -> Meta:
    return Meta(max_length=longest, title=title, extra={"widget": widget})


Shop = Annotated[UUID, Meta(title=N_("店铺"), extra={"widget": "shop"})]
OrderNumber = Annotated[str, _words(N_("平台订单号"), 60)]
Product = Annotated[str, _words(N_("商品名称"), 120)]
Specification = Annotated[str, _words(N_("规格"), 80)]
Quantity = Annotated[int, Meta(ge=1, le=99_999, title=N_("数量"))]
Usage = Annotated[str, _words(N_("使用情况"), 1000, "text")]
Private = Annotated[bool, Meta(title=N_("私密产品"))]
Name = Annotated[str, _words(N_("姓名"), 40)]
Phone = Annotated[str, _words(N_("电话"), 40)]
Region = Annotated[str, _words(N_("省市区"), 40)]
Address = Annotated[str, _words(N_("详细地址"), 200)]
Happened = Annotated[str, _words(N_("问题经过"), 4000, "text")]
Wanted = Annotated[Solution, Meta(title=N_("期望的解决方案"))]

PHONE_EXPECTED = N_("请填写正确的电话号码，如 13800000000、0571-80000000 或带分机的虚拟号")
WANTED_EXPECTED = N_("“拒绝”是处理结果，不是消费者的诉求")


class Discreet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A struct that never prints what it holds: tracebacks and logs print values."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class ConsumerCard(Discreet, frozen=True, kw_only=True):
    """A consumer's case as it is recorded.

    `private` is None where nobody decided: then the merchant's rules do. `region` is province, city and district, the
    part of the address that a mask may show; `address` is the rest. `usage` is how the product was used.
    """

    shop: Shop | None = None
    order_number: OrderNumber = ""
    product: Product = ""
    specification: Specification = ""
    quantity: Quantity = 1
    private: Private | None = None
    name: Name = ""
    phone: Phone = ""
    region: Region = ""
    address: Address = ""
    happened: Happened = ""
    usage: Usage = ""
    wanted: Wanted | None = None

    def __post_init__(self) -> None:
        """Refuse an empty card, a phone number that is none, and a wish that nobody has."""
        check(self.phone, self.wanted)
        if not any((self.order_number.strip(), self.product.strip(), self.name.strip(), self.phone.strip())):
            raise Unfit(Message(N_("请至少填写订单号、商品、姓名、电话中的一项")), "order_number")


class Part(Labelled):
    """What of a card can be made empty by a correction."""

    SHOP = "shop", N_("店铺")
    ORDER_NUMBER = "order_number", N_("平台订单号")
    PRODUCT = "product", N_("商品名称")
    SPECIFICATION = "specification", N_("规格")
    NAME = "name", N_("姓名")
    PHONE = "phone", N_("电话")
    REGION = "region", N_("省市区")
    ADDRESS = "address", N_("详细地址")
    HAPPENED = "happened", N_("问题经过")
    USAGE = "usage", N_("使用情况")
    WANTED = "wanted", N_("期望的解决方案")


class Correction(Discreet, frozen=True, kw_only=True):
    """What is put right: a field left out stays as it is, so that nobody must see the rest; `clear` empties fields."""

    shop: Shop | None = None
    order_number: OrderNumber | None = None
    product: Product | None = None
    specification: Specification | None = None
    quantity: Quantity | None = None
    private: Private | None = None
    name: Name | None = None
    phone: Phone | None = None
    region: Region | None = None
    address: Address | None = None
    happened: Happened | None = None
    usage: Usage | None = None
    wanted: Wanted | None = None
    clear: Annotated[tuple[Part, ...], Meta(title=N_("清空的项目"))] = ()

    def __post_init__(self) -> None:
        """Refuse what the card would refuse."""
        check(self.phone or "", self.wanted)

    def replaces(self, column: str) -> bool:
        """Whether nothing of the sealed column stays."""
        parts = ("region", "address") if column == "address" else (column,)
        return all(getattr(self, part) not in (None, "") or part in self.clear for part in parts)

    @property
    def says_nothing(self) -> bool:
        """Whether nothing would change."""
        return not self.clear and all(getattr(self, name) in (None, "") for name in ConsumerCard.__struct_fields__)


def corrected(was: ConsumerCard, correction: Correction) -> ConsumerCard:
    """The card after the correction. Raises Unfit when nothing would be left of it. Pure."""
    values: dict[str, Any] = {name: getattr(was, name) for name in ConsumerCard.__struct_fields__}
    for name in values:
        given = getattr(correction, name)
        if given not in (None, ""):
            values[name] = given
    empty = {field.name: field.default for field in msgspec.structs.fields(ConsumerCard)}
    values |= {part.value: empty[part.value] for part in correction.clear}
    return ConsumerCard(**values)


def sealed_part(card: ConsumerCard) -> Mapping[str, str | None]:
    """What of the card is sealed, by column; None for what was not given."""
    region, address = "".join(card.region.split()), _line(card.address)
    said = {
        "name": _line(card.name),
        "phone": _line(card.phone),
        # Two lines: the first is what the mask may show of it, and a correction of one leaves the other.
        "address": f"{region}\n{address}" if region or address else "",
        "order_number": _line(card.order_number),
        "product": _line(card.product),
        "specification": _line(card.specification),
        "usage": card.usage.strip(),
        "happened": card.happened.strip(),
    }
    return {column: text or None for column, text in said.items()}


def check(phone: str, wanted: Solution | None) -> None:
    """Raise Unfit for what no case has."""
    if phone.strip() and not is_phone(phone):
        raise Unfit(Message(PHONE_EXPECTED), "phone")
    if wanted is not None and wanted not in WANTED:
        raise Unfit(Message(WANTED_EXPECTED), "wanted")


def _line(text: str) -> str:
    return " ".join(text.split())
