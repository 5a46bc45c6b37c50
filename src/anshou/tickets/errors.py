"""What the tickets refuse."""

from collections.abc import Mapping
from datetime import datetime

from anshou.people.roles import Department
from tenants.refusals import N_, Conflict, Invalid, Message, NotFound, NotPermitted


class TicketNotFound(NotFound):
    """Raised when no ticket of that number is visible to the person."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("没有找到工单 %(number)s。"), number=number)


class TicketChanged(Conflict):
    """Raised when somebody else changed the ticket after the person looked at it. `when` is in the tenant's zone."""

    def __init__(self, who: str, what: str, when: datetime) -> None:
        super().__init__(
            N_("%(who)s 已于 %(when)s 执行“%(what)s”，请查看最新情况后再操作。"),
            who=Message(who),
            what=Message(what),
            when=f"{when:%Y-%m-%d %H:%M}",
        )


class MoveUnknown(NotFound):
    """Raised when the process of this kind of ticket has no move of that name."""

    def __init__(self, move: str) -> None:
        super().__init__(N_("没有名为“%(move)s”的操作。"), move=move)


class MoveNotOpen(Conflict):
    """Raised when the ticket stands where the move cannot be made, or something it needs is missing."""

    def __init__(self, move: str, why: Message) -> None:
        super().__init__(N_("现在不能“%(move)s”：%(why)s。"), move=Message(move), why=why)


class MoveNotYours(NotPermitted):
    """Raised when the move is open but not to this person, in their role and department."""

    def __init__(self, move: str) -> None:
        super().__init__(N_("“%(move)s”不由您执行。"), move=Message(move))


class CursorInvalid(Invalid):
    """Raised when a page would be continued from something that no page ended with."""

    def __init__(self) -> None:
        super().__init__(N_("翻页位置无效，请从第一页重新开始。"))


class TicketClosed(Conflict):
    """Raised when something would be said to the other side on a closed ticket."""

    def __init__(self) -> None:
        super().__init__(N_("工单已关闭，如需继续处理，请先重新打开。"))


class NothingSaid(Invalid):
    """Raised when a message is empty or longer than can be kept."""

    def __init__(self, longest: int) -> None:
        expected = Message(N_("请填写内容，最多 %(longest)s 个字"), longest=longest)
        super().__init__(N_("请填写内容，最多 %(longest)s 个字。"), {"body": expected}, longest=longest)


class EntryNotFound(NotFound):
    """Raised when there is no such entry that the person may correct."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到可以更正的记录。"))


class LinkRefused(Conflict):
    """Raised when two tickets cannot be linked: they are one, are linked already, or the target is closed."""


class ReviewedByAuthor(NotPermitted):
    """Raised when a plan would be approved by the person who submitted it."""

    def __init__(self) -> None:
        super().__init__(N_("方案不能由提交人自己审核通过，请由其他主管审核。"))


class DeterminationReviewedByAuthor(NotPermitted):
    """Raised when a determination would be reviewed by the person who made it."""

    def __init__(self) -> None:
        super().__init__(N_("责任判定不能由判定人自己复议，请由上一级复议。"))


class NotDetermined(NotFound):
    """Raised when the responsibility for a ticket is asked for and not determined, as far as the person reads it."""

    def __init__(self) -> None:
        super().__init__(N_("该工单还没有责任判定。"))


class MeasureNotOpen(Conflict):
    """Raised when a measure is done already or belongs to another plan."""

    def __init__(self) -> None:
        super().__init__(N_("该措施已完成，或不属于当前方案。"))


class ObligationNotOpen(Conflict):
    """Raised when an obligation is performed already or belongs to another agreement."""

    def __init__(self) -> None:
        super().__init__(N_("该义务已履行，或不属于当前协议。"))


class AgreementOutdated(Conflict):
    """Raised when somebody would sign another text than the one that is proposed now."""

    def __init__(self) -> None:
        super().__init__(N_("协议已有新的版本，请重新阅读后再签署。"))


class ProofHidden(Conflict):
    """Raised when an obligation would be proved by a file that only the agency can read."""

    def __init__(self) -> None:
        super().__init__(N_("履行凭证须是双方都能看到的附件。"))


class AttachmentNotFound(NotFound):
    """Raised when the ticket has no such attachment that the person may read."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到该附件。"))


class ColleagueUnknown(Invalid):
    """Raised when work would be given to somebody who does not work for the agency, or no longer."""

    def __init__(self, field: str) -> None:
        super().__init__(N_("请选择在职的同事。"), {field: N_("请选择在职的同事")})


class RecordInvalid(Invalid):
    """Raised when a record contradicts itself or the time it is made at; `fields` says what was expected."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(N_("填写的内容有误，请更正标出的项。"), fields)


class AlreadyConfidential(Conflict):
    """Raised when a ticket is marked confidential that is."""

    def __init__(self) -> None:
        super().__init__(N_("该工单已是保密工单"))


class ContentConfidential(Conflict):
    """Raised when a file of a confidential ticket is asked for as if it were any other."""

    def __init__(self) -> None:
        super().__init__(N_("这是保密工单的附件，请在工单页点“查看保密内容”后打开"))


class DraftNotKept(Conflict):
    """Raised when something typed on a confidential ticket would be kept before it is sent."""

    def __init__(self) -> None:
        super().__init__(N_("保密工单不保存草稿。"))


class DraftElsewhere(Conflict):
    """Raised when a page would write over what its person typed into the same form of another page since."""

    def __init__(self) -> None:
        super().__init__(N_("您在另一个页面里也填写了这里，较新的内容在那边。"))


class DraftTooLong(Invalid):
    """Raised when a draft is longer than any form takes. `longest` is in characters."""

    def __init__(self, longest: int) -> None:
        super().__init__(N_("草稿不能超过 %(longest)s 个字，没有保存。"), longest=longest)


class DepartmentNotLed(NotFound):
    """Raised when somebody asks for the board of a department that they do not lead."""

    def __init__(self, department: Department) -> None:
        super().__init__(N_("您不负责“%(department)s”。"), department=Message(department.label))


class NobodyToRemind(Conflict):
    """Raised when somebody would remind nobody but themselves."""

    def __init__(self) -> None:
        super().__init__(N_("这个工单由您自己负责，不需要催办。"))
