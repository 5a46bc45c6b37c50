"""What this room refuses. No message holds a word of what is confidential."""

from datetime import date

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound, NotPermitted


class FieldNotFound(NotFound):
    """Raised when a reference names no confidential field of a row in reach."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这项保密内容。"))


class RevealNotFound(NotFound):
    """Raised when there is no such reveal in reach, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这条查看记录。"))


class FieldEmpty(Conflict):
    """Raised when nothing was ever written into the field, so that there is nothing to show."""

    def __init__(self) -> None:
        super().__init__(N_("这一项没有内容。"))


class NotOfThisTicket(Conflict):
    """Raised when the ticket at hand does not carry the row whose field is asked for."""

    def __init__(self) -> None:
        super().__init__(N_("这项内容不属于所填的工单，请从它所在的工单查看。"))


class TicketLongClosed(Conflict):
    """Raised when the ticket at hand was closed longer ago than the agency's rules allow for revealing."""

    def __init__(self, days: int) -> None:
        super().__init__(
            N_("工单结案已超过 %(days)s 天，不能再查看其中的保密内容；如确有需要，请先重新打开工单。"), days=days
        )


class HandlingEnded(Conflict):
    """Raised when the merchant's contract has ended: nothing entrusted under it is opened any more."""

    def __init__(self, on: date | None) -> None:
        if on is None:
            super().__init__(N_("该商家没有生效的合同，不能查看其保密内容。"))
        else:
            super().__init__(
                N_("该商家的合同已于 %(on)s 终止，不能再查看其保密内容；资料将按约定返还或删除。"), on=on.isoformat()
            )


class PurposeUnknown(Invalid):
    """Raised when a purpose is not on the agency's list, or no longer."""

    def __init__(self) -> None:
        expected = Message(N_("请从列表中选择查看目的"))
        super().__init__(N_("%(expected)s"), {"purpose": expected}, expected=expected)


class PurposeTaken(Conflict):
    """Raised when the list of purposes has this one already."""

    def __init__(self) -> None:
        super().__init__(N_("列表中已有这个目的。"))


class LastPurpose(Conflict):
    """Raised when the list would be left without a purpose, so that nothing could be revealed."""

    def __init__(self) -> None:
        super().__init__(N_("至少要保留一个查看目的。"))


class PurposeNotFound(NotFound):
    """Raised when there is no such purpose to retire or restore."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个查看目的。"))


class RevealLimitReached(NotPermitted):
    """Raised when a person has seen as many fields within an hour as the agency's rules allow."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            N_("您一小时内最多可查看 %(limit)s 项保密内容，现已达到上限并已告知主管。请稍后再试。"), limit=limit
        )


class RevealOver(Conflict):
    """Raised when a copy is asked for after the time for which the field was shown."""

    def __init__(self) -> None:
        super().__init__(N_("显示时间已过，请重新查看后再复制。"))


class AlreadyObjected(Conflict):
    """Raised when the merchant has objected to this reveal before."""

    def __init__(self) -> None:
        super().__init__(N_("已对这次查看提出过异议。"))


class OwnReveal(Conflict):
    """Raised when a merchant objects to a reveal by its own people."""

    def __init__(self) -> None:
        super().__init__(N_("这是贵方人员的查看，无需向代运营方提出异议。"))


class ObjectionNotFound(NotFound):
    """Raised when there is no such objection in reach."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这条异议。"))


class ObjectionAnswered(Conflict):
    """Raised when somebody has answered the objection already."""

    def __init__(self) -> None:
        super().__init__(N_("这条异议已经答复。"))


class OwnRevealJudged(NotPermitted):
    """Raised when a supervisor would judge an objection to their own reveal."""

    def __init__(self) -> None:
        super().__init__(N_("这次查看是您本人所为，请由其他主管答复。"))


class DecoyNotFound(NotFound):
    """Raised when there is no such decoy."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这条诱饵记录。"))


class ContentGone(Conflict):
    """Raised when the key of what is asked for was destroyed: it opens nowhere any more."""

    def __init__(self) -> None:
        super().__init__(N_("该商家的密钥已销毁，这项内容已无法打开。"))


class ContentDamaged(Conflict):
    """Raised when sealed bytes do not open: somebody changed them, or they stand where they were not sealed."""

    def __init__(self) -> None:
        super().__init__(N_("这项内容无法打开，可能已损坏或被改动。已记入审计，请联系系统管理员。"))
