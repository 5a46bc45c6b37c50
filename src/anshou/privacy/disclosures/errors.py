"""What disclosures refuse."""

from collections.abc import Sequence
from functools import reduce

from anshou.privacy.disclosures.kinds import Standing
from tenants.refusals import N_, Conflict, Invalid, Message, NotFound, NotPermitted


class DisclosureNotFound(NotFound):
    """Raised when no disclosure of that number is visible to the person."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("没有找到对外提供申请 %(number)s。"), number=number)


class RequestInvalid(Invalid):
    """Raised when what would be asked of the merchant names nothing, or contradicts itself."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(N_("请检查填写的内容：%(first)s"), {field: message}, first=message)


class DisclosureNotOpen(Conflict):
    """Raised when a disclosure stands where this cannot be done with it."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(N_("该对外提供申请目前为“%(standing)s”，不能进行此操作。"), standing=standing)


class ConsentOutdated(Conflict):
    """Raised when somebody would sign another text than the one that was asked."""

    def __init__(self) -> None:
        super().__init__(N_("显示的内容与申请不一致，请重新阅读后再签署。"))


class NotCovered(NotPermitted):
    """Raised when an export has no consent in force that covers it; `missing` names every aspect that is lacking."""

    def __init__(self, missing: Sequence[Message]) -> None:
        self.missing = tuple(missing)
        listed = reduce(lambda said, more: Message(N_("%(said)s；%(more)s"), said=said, more=more), missing)
        super().__init__(N_("没有覆盖这次导出的商家书面同意，不能导出：%(missing)s。"), missing=listed)


class NothingToExport(Conflict):
    """Raised when what was chosen holds nothing any more: the records were erased since the consent was given."""

    def __init__(self) -> None:
        super().__init__(N_("所选范围内已没有可导出的内容。"))
