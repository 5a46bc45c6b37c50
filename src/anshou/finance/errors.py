"""What this room refuses."""

from collections.abc import Mapping, Sequence
from datetime import date

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound, NotPermitted


class CostNotFound(NotFound):
    """Raised when no cost item of that number is visible to the person."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("没有找到费用 %(number)s。"), number=number)


class EvidenceNotFound(NotFound):
    """Raised when the item has no such file."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这份凭证。"))


class CostDeedNotOpen(Conflict):
    """Raised when the item stands where this cannot be done to it, for instance because somebody was faster."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(N_("费用 %(number)s 现为“%(state)s”，不能进行这项操作。"), number=number, state=Message(state))


class NotYourClaim(NotPermitted):
    """Raised when somebody would change, submit or withdraw what another person claims."""

    def __init__(self) -> None:
        super().__init__(N_("只有费用的登记人可以修改、提交或撤回。"))


class OwnClaim(NotPermitted):
    """Raised when somebody would verify what they claimed or are paid for."""

    def __init__(self) -> None:
        super().__init__(N_("不能核实自己登记的费用或自己的工时，请由其他财务人员核实。"))


class SecondPersonNeeded(NotPermitted):
    """Raised when the person who verified an item would countersign it too."""

    def __init__(self) -> None:
        super().__init__(N_("复核须由另一位财务人员进行。"))


class StandsOnStatement(Conflict):
    """Raised when a verification is taken back of a cost that a merchant was charged and has not disputed."""

    def __init__(self, number: str, statement: str, place: int) -> None:
        said = N_(
            "费用 %(number)s 已列入对账单 %(statement)s 第 %(place)s 行。"
            "请先由商家对该行提出异议或予以冲减，再撤销核实；商家已确认的，请以责任改判更正。"
        )
        super().__init__(said, number=number, statement=statement, place=place)


class MatchedAtDesk(Conflict):
    """Raised when a verification is taken back of a cost that is matched with a line of somebody's bill."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("费用 %(number)s 已在对账台匹配。请先撤销该笔匹配，再撤销核实。"), number=number)


class ProofMissing(Invalid):
    """Raised when an item is submitted without any evidence."""

    def __init__(self) -> None:
        expected = N_("请至少添加一份凭证")
        super().__init__(N_("提交前请至少添加一份凭证。"), {"files": expected})


class ReasonMissing(Invalid):
    """Raised when an item is returned, or its verification taken back, without saying why."""

    def __init__(self) -> None:
        super().__init__(N_("请说明退回的原因。"), {"reason": N_("请说明退回的原因")})


class ClaimInvalid(Invalid):
    """Raised when a claim does not fit its ticket; `field` is the one to put right."""

    def __init__(self, field: str, expected: Message) -> None:
        super().__init__(N_("请检查填写的内容：%(first)s"), {field: expected}, first=expected)


class TooMuchEvidence(Invalid):
    """Raised when an item would have more files than finance can look through."""

    def __init__(self, most: int) -> None:
        expected = Message(N_("一项费用最多 %(most)s 份凭证"), most=most)
        super().__init__(N_("%(expected)s"), {"files": expected}, expected=expected)


class EvidenceTwice(Conflict):
    """Raised when a file is added to an item that has it already."""

    def __init__(self) -> None:
        super().__init__(N_("这份文件已是该费用的凭证。"))


class ClaimNotOpen(Conflict):
    """Raised when the part of a cost is no claim, or its claim is concluded already."""

    def __init__(self) -> None:
        super().__init__(N_("这笔索赔不存在或已登记结果。"))


class CloseBlocked(Conflict):
    """Raised when a month would be closed that still lacks something; `checks` names what."""

    def __init__(self, month: date, checks: Sequence[str]) -> None:
        self.checks = tuple(checks)
        super().__init__(
            N_("会计期间 %(month)s 还不能结账，有 %(count)s 类事项未处理，例如“%(first)s”。"),
            month=f"{month:%Y-%m}",
            count=len(checks),
            first=Message(checks[0]),
        )


class DifferenceMisplaced(Invalid):
    """Raised when a difference would go to an account that the product keeps for something else, such as a bank's."""

    def __init__(self) -> None:
        expected = N_("请选择可以核销差额的科目")
        super().__init__(expected, {"account": expected})


class NothingToCarryOver(Conflict):
    """Raised when nothing of what was named is open any more, or it cannot be carried over at all."""

    def __init__(self) -> None:
        super().__init__(N_("没有可以结转的事项：未选择、已处理，或这一类事项不能结转。"))


class VoucherUnfit(Invalid):
    """Raised when a voucher that was written down cannot be posted; `fields` has every fault."""

    def __init__(self, faults: Mapping[str, Message]) -> None:
        super().__init__(N_("凭证未过账，请检查标出的内容。"), dict(faults))


class ReversedAtItsSource(Conflict):
    """Raised when somebody would reverse by hand what something else stands on; `origin` made the voucher."""

    def __init__(self, origin: str) -> None:
        said = N_("这张凭证由“%(origin)s”自动生成，请在来源处更正，凭证会随之冲销。")
        super().__init__(said, origin=Message(origin))


class RunGoing(Conflict):
    """Raised when the desk is being matched at this moment."""

    def __init__(self) -> None:
        super().__init__(N_("这个账户正在自动匹配，请稍候。"))
