"""What people are refused when they look after keys, in words for them."""

from tenants.refusals import N_, Conflict, Invalid, NotFound


class NoKeys(NotFound):
    """Raised when nothing was ever sealed for the owner, so that there are no keys."""

    def __init__(self) -> None:
        super().__init__(N_("该商家还没有密钥：尚未保存过任何保密内容。"))


class AgencyKeyStays(Invalid):
    """Raised when the agency's own key would be destroyed: the records that law requires to be kept need it."""

    def __init__(self) -> None:
        super().__init__(N_("代运营公司自己的密钥不能销毁，只能销毁某个商家的密钥。"))


class DestructionUnderWay(Conflict):
    """Raised when a destruction of the same key was proposed or approved already."""

    def __init__(self) -> None:
        super().__init__(N_("该商家的密钥已有一项销毁提议，请先处理它。"))


class DestructionNotFound(NotFound):
    """Raised when there is no such proposal."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这项销毁提议。"))


class SecondPersonNeeded(Conflict):
    """Raised when whoever proposed a destruction would approve it too."""

    def __init__(self) -> None:
        super().__init__(N_("销毁密钥须由两个人决定：提议人不能自己批准，请让另一位有权限的同事批准。"))


class DestructionDecided(Conflict):
    """Raised when a proposal was approved, cancelled or carried out before this was asked."""

    def __init__(self) -> None:
        super().__init__(N_("这项销毁提议的状态已经变化，请刷新后再看。"))
