"""What retention refuses."""

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class KindNotFound(NotFound):
    """Raised when there is no such kind of kept things."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这类数据"))


class KindIsKept(Conflict):
    """Raised when a period is set for a kind that is never erased."""

    def __init__(self) -> None:
        super().__init__(N_("这类数据不清除，没有可设置的期限。"))


class PeriodTooShort(Invalid):
    """Raised when a period is shorter than a law allows; names the law and the minimum."""

    def __init__(self, least: int, unit: str, law: str, why: str) -> None:
        expected = Message(
            N_("不得少于 %(least)s %(unit)s：%(law)s，%(why)s"),
            least=least,
            unit=Message(unit),
            law=Message(law),
            why=Message(why),
        )
        super().__init__(N_("保留期限短于法律要求"), fields={"value": expected})


class PeriodOutOfRange(Invalid):
    """Raised when a period is less than one or longer than anything is kept."""

    def __init__(self, most: int, unit: str) -> None:
        expected = Message(N_("请填 1 到 %(most)s 之间的整数（%(unit)s）"), most=most, unit=Message(unit))
        super().__init__(N_("保留期限无效"), fields={"value": expected})


class HoldNotFound(NotFound):
    """Raised when there is no such hold."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这项法律保全"))


class HeldAlready(Conflict):
    """Raised when the same thing is put on hold twice."""

    def __init__(self) -> None:
        super().__init__(N_("它已在法律保全中"))


class HoldLifted(Conflict):
    """Raised when a hold that has ended is lifted again."""

    def __init__(self) -> None:
        super().__init__(N_("这项法律保全已经解除"))


class RunNotFound(NotFound):
    """Raised when there is no such run of erasures."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这次清除记录"))


class ErasureListBroken(Exception):
    """Raised when the list of erasures outside the database was altered or is not this installation's."""
