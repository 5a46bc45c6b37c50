"""What the JSON door itself refuses, before or beside the business; each class knows its status."""

from collections.abc import Mapping
from typing import ClassVar

from tenants.refusals import N_, Invalid, Message, NotFound, Refusal


class DoorRefusal(Refusal):
    """Raised when a request cannot be passed on to the business."""

    status: ClassVar[int] = 400


class KeyRequired(DoorRefusal):
    """Raised when a request carries no API key."""

    status = 401

    def __init__(self) -> None:
        super().__init__(N_("请在 Authorization 请求头中提供接口密钥：Bearer anshou_…"))


class KeyRefused(DoorRefusal):
    """Raised when the API key is unknown, revoked or expired: the three are never told apart."""

    status = 401

    def __init__(self) -> None:
        super().__init__(N_("接口密钥无效、已撤销或已过期。"))


class RouteUnknown(DoorRefusal):
    """Raised when nothing is served at the path, or the path names something that cannot exist."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("没有这个地址，或您无权查看。"))


class ParticularMissing(NotFound):
    """Raised when a ticket has not come to what is asked for, such as a plan or an agreement."""


class MonthUnknown(NotFound):
    """Raised when what should name a month names none in which books are kept."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个月份，请写成 2026-11 的形式。"))


class DeadLetterMissing(NotFound):
    """Raised when there is no such dead letter: it was retried or given up, or never died."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个失败的后台任务。"))


class MethodRefused(DoorRefusal):
    """Raised when the path exists but not with this method."""

    status = 405

    def __init__(self) -> None:
        super().__init__(N_("这个地址不支持该方法，可用的方法见 Allow 响应头。"))


class ParameterInvalid(DoorRefusal):
    """Raised when a query parameter or header cannot be read; `faults` says of each by name what was expected."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(N_("请求的参数有误。"))


class BodyUnreadable(DoorRefusal):
    """Raised when the body is not well-formed JSON or multipart."""

    def __init__(self) -> None:
        super().__init__(N_("请求体无法解析，请检查格式与编码（UTF-8）。"))


class BodyTooLarge(DoorRefusal):
    """Raised when the body is longer than the route takes."""

    status = 413

    def __init__(self) -> None:
        super().__init__(N_("请求体太大。"))


class MediaTypeRefused(DoorRefusal):
    """Raised when the body's Content-Type is not the one that the route reads."""

    status = 415

    def __init__(self, expected: str) -> None:
        super().__init__(N_("请求体的 Content-Type 应为 %(expected)s。"), expected=expected)


class BodyInvalid(Invalid):
    """Raised when well-formed JSON is not the object that the route reads."""


class CursorInvalid(DoorRefusal):
    """Raised when a cursor was not issued by this list, or not with these filters."""

    def __init__(self) -> None:
        super().__init__(N_("分页游标无效：请原样使用上一页返回的 next，并保持筛选条件不变。"))


class IdempotencyKeyMissing(DoorRefusal):
    """Raised when a POST carries no Idempotency-Key."""

    def __init__(self) -> None:
        super().__init__(N_("请提供 Idempotency-Key 请求头（1 至 255 个可见字符，每次操作一个新的值）。"))


class VersionRequired(DoorRefusal):
    """Raised when a change carries no If-Match, so that nobody knows what its author had seen (RFC 6585 section 3)."""

    status = 428

    def __init__(self) -> None:
        super().__init__(N_("请在 If-Match 请求头中提供您看到的版本（读取时返回的 ETag）。"))


class VersionUnreadable(DoorRefusal):
    """Raised when If-Match is not one strong entity tag of ours."""

    def __init__(self) -> None:
        super().__init__(N_('If-Match 请求头应为读取时返回的 ETag，例如 "7"。'))


class ReferenceUnknown(DoorRefusal):
    """Raised when the database knows nothing by an id that the content names."""

    status = 422

    def __init__(self) -> None:
        super().__init__(N_("提到的人员、商家或其他内容不存在。"))


class AlreadyThere(DoorRefusal):
    """Raised when the database already holds what must be there once, written by somebody else a moment ago."""

    status = 409

    def __init__(self) -> None:
        super().__init__(N_("已经存在相同的内容，请刷新后重试。"))


class ValueOutOfRange(DoorRefusal):
    """Raised when a number or a time is beyond what can be kept."""

    status = 422

    def __init__(self) -> None:
        super().__init__(N_("有数值或时间超出可以保存的范围。"))


class ProofRefused(DoorRefusal):
    """Raised when the password or the second factor for a signature is not right, or not looked at for now."""

    status = 403

    def __init__(self, said: Message) -> None:
        super().__init__(N_("%(said)s"), said=said)


class TooManyRequests(DoorRefusal):
    """Raised when a key asks more often than it may; Retry-After says in how many seconds to come back."""

    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(N_("请求过于频繁，请在 %(seconds)s 秒后重试。"), seconds=seconds)


class Unavailable(DoorRefusal):
    """Raised when the database cannot be reached; Retry-After says in how many seconds to come back."""

    status = 503
    seconds = 5

    def __init__(self) -> None:
        super().__init__(N_("服务暂时不可用，请稍后用同一个 Idempotency-Key 重试。"))


class Unexpected(DoorRefusal):
    """Raised for no rule: something broke on our side, was logged, and nothing was changed."""

    status = 500

    def __init__(self) -> None:
        super().__init__(N_("服务器出错，本次操作没有生效。请稍后重试。"))
