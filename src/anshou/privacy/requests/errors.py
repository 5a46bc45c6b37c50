"""What requests refuse."""

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class RequestNotFound(NotFound):
    """Raised when there is no such request in reach."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这项个人信息请求"))


class MerchantMissing(Invalid):
    """Raised when the agency takes a request in without saying whose consumer asks."""

    def __init__(self) -> None:
        super().__init__(N_("请选择商家"), fields={"merchant": N_("请选择商家")})


class RequestElsewhere(Conflict):
    """Raised when a request does not stand where the act needs it: somebody else was first, or a step is missing."""

    def __init__(self, state: Message) -> None:
        super().__init__(N_("这项请求现在是“%(state)s”，不能这样处理；请刷新后查看。"), state=state)


class NothingMatched(Conflict):
    """Raised when a request is to be granted although no record is matched with it."""

    def __init__(self) -> None:
        super().__init__(N_("还没有关联请求人的消费者信息；未持有时请以“未持有请求人的个人信息”答复。"))


class GroundNeeded(Conflict):
    """Raised when a request is refused, or granted in part, without a legal ground, or granted with one."""

    def __init__(self) -> None:
        super().__init__(N_("部分同意或不同意时须选择法律理由，全部同意时不填。"))


class NoCopyHere(Conflict):
    """Raised when a copy is asked of a request that is about something else or was not granted."""

    def __init__(self) -> None:
        super().__init__(N_("只有已同意的查阅、复制请求可以导出副本。"))


class ErasureRunning(Conflict):
    """Raised when a request is answered before what it asked to erase is gone."""

    def __init__(self) -> None:
        super().__init__(N_("清除还没有完成，请稍后再答复。"))
