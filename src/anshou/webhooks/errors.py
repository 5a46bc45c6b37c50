"""What this room refuses."""

from tenants.refusals import N_, Conflict, Invalid, NotFound


class DestinationRefused(Invalid):
    """Raised when a webhook may not be sent to the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, {"url": reason})


class EndpointNotFound(NotFound):
    """Raised when there is no such endpoint."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个推送地址。"))


class DeliveryNotFound(NotFound):
    """Raised when there is no such delivery at this endpoint."""

    def __init__(self) -> None:
        super().__init__(N_("没有这次推送。"))


class TooManyEndpoints(Conflict):
    """Raised when the agency already has as many endpoints as it may."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("最多可以有 %(most)s 个推送地址。"), most=most)


class SecretRotating(Conflict):
    """Raised when a secret is rotated while the one before the last is still in use."""

    def __init__(self) -> None:
        super().__init__(N_("上一次更换密钥还未满 24 小时，请稍后再更换。"))
