"""What the agency's own records refuse."""

from datetime import datetime

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class RecordNotFound(NotFound):
    """Raised when there is no such activity, assessment or breach."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条记录。"))


class KeptByLaw(Conflict):
    """Raised when a record of processing would be deleted before its three years are over."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            N_("依《个人信息保护法》第五十六条，该记录须保存至 %(until)s，不能提前删除。"), until=f"{until:%Y-%m-%d}"
        )


class BreachInvalid(Invalid):
    """Raised when a breach names something that cannot be."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(message.msgid, {field: message})


class AlreadyTold(Conflict):
    """Raised when the same addressee would be told of one breach twice."""

    def __init__(self) -> None:
        super().__init__(N_("已经通知过，如需补充请另行联系并登记。"))
