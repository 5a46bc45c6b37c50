"""What entrustments and their end refuse."""

from tenants.refusals import N_, Conflict, NotFound


class EntrustmentNotFound(NotFound):
    """Raised when no entrustment, subprocessor or return of that kind is visible to the person."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这项委托处理记录。"))


class ContractStillRuns(Conflict):
    """Raised when data would be returned or deleted while a contract with the merchant is in force or will be."""

    def __init__(self) -> None:
        super().__init__(N_("与该商家仍有生效或待生效的合同，不能开始返还或删除。"))


class ReturnUnderWay(Conflict):
    """Raised when a return of the contract has begun already."""

    def __init__(self) -> None:
        super().__init__(N_("该合同的返还或删除已经开始。"))


class StepNotOpen(Conflict):
    """Raised when a step was taken already, or one before it was not."""

    def __init__(self) -> None:
        super().__init__(N_("目前不能进行这一步，请按顺序办理。"))


class WrittenSince(Conflict):
    """Raised when the erasure would take something that was written after the merchant took its data back."""

    def __init__(self) -> None:
        super().__init__(N_("商家取回数据之后又有新的内容。请商家重新下载后再开始清除。"))


class ErasureRunning(Conflict):
    """Raised when the certificate is asked for before the erasure has come to its end."""

    def __init__(self) -> None:
        super().__init__(N_("清除尚未完成，请稍后再出具证明。"))
