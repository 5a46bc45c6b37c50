"""What this room refuses."""

from datetime import date

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class MerchantNotFound(NotFound):
    """Raised when there is no such merchant in reach."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个商家。"))


class ContactNotFound(NotFound):
    """Raised when the merchant has no such contact."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个联系人。"))


class ShopNotFound(NotFound):
    """Raised when the merchant has no such shop."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个店铺。"))


class ContractNotFound(NotFound):
    """Raised when the merchant has no such contract or version."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这份合同。"))


class DocumentNotFound(NotFound):
    """Raised when the contract version has no such document."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这份文件。"))


class NoContractInForce(Conflict):
    """Raised when something needs the merchant's contract of a day on which none was in force."""

    def __init__(self, on: date) -> None:
        super().__init__(N_("该商家在 %(on)s 没有生效的合同。"), on=on.isoformat())


class MerchantEnded(Conflict):
    """Raised when something new is begun for a merchant whose service has ended."""

    def __init__(self) -> None:
        super().__init__(N_("与该商家的合作已结束。"))


class ShopClosed(Conflict):
    """Raised when something new is begun for a shop that is no longer operated."""

    def __init__(self) -> None:
        super().__init__(N_("该店铺已不再代运营。"))


class NameTaken(Conflict):
    """Raised when another merchant of the agency has the name."""

    def __init__(self) -> None:
        super().__init__(N_("已有同名的商家。"))


class ContractNumberTaken(Conflict):
    """Raised when the merchant has another contract of this number."""

    def __init__(self) -> None:
        super().__init__(N_("该商家已有相同编号的合同。"))


class VersionsOverlap(Conflict):
    """Raised when a version would be in force on a day on which another one already is."""

    def __init__(self, number: str, version: int, first: date, last: date | None) -> None:
        super().__init__(
            N_("与合同 %(number)s 第 %(version)s 版（%(first)s 至 %(last)s）的有效期重叠，请先终止该版本或调整日期。"),
            number=number,
            version=version,
            first=first.isoformat(),
            last=Message(N_("长期")) if last is None else last.isoformat(),
        )


class VersionInForce(Conflict):
    """Raised when a version that is or was in force would be changed or deleted."""

    def __init__(self) -> None:
        super().__init__(N_("已生效的版本不能修改，请起草新版本。"))


class VersionNotInForce(Conflict):
    """Raised when a version is to be ended that is a draft, has ended already, or would end no earlier."""

    def __init__(self) -> None:
        super().__init__(N_("只能提前终止尚未到期的生效版本。"))


class DatesInvalid(Invalid):
    """Raised when a period ends before it begins."""

    def __init__(self, field: str) -> None:
        expected = Message(N_("结束日期不能早于开始日期"))
        super().__init__(N_("%(expected)s"), {field: expected}, expected=expected)


class AmountMissing(Invalid):
    """Raised when a cap of a draft says no amount; `field` is its path in the draft."""

    def __init__(self, field: str) -> None:
        expected = N_("请填写限额")
        super().__init__(expected, {field: expected})


class AccountKept(Conflict):
    """Raised when an account with that number is kept for the merchant already."""

    def __init__(self) -> None:
        super().__init__(N_("该商家已登记过这个银行账号"))


class AccountNotFound(NotFound):
    """Raised when the merchant has no such account in use."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个结算账户。"))
