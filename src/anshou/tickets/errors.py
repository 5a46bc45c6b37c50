"""What the tickets refuse."""

from collections.abc import Mapping
from datetime import datetime

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
            who=who,
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


class RecordInvalid(Invalid):
    """Raised when a record contradicts itself or the time it is made at; `fields` says what was expected."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(N_("填写的内容有误，请更正标出的项。"), fields)
