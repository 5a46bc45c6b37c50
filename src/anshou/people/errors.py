"""What this room refuses. What keeps somebody out at the door is an outcome (`signing_in.py`), not a refusal."""

from tenants.labels import Labelled
from tenants.refusals import N_, Conflict, Invalid, Message, NotFound, NotPermitted


class PermissionMissing(NotPermitted):
    """Raised when none of the person's roles grants the permission, or their API key's scopes leave it out."""

    def __init__(self, permission: Labelled) -> None:
        super().__init__(N_("您没有“%(permission)s”的权限。"), permission=permission)


class ProofMissing(NotPermitted):
    """Raised when an act needs the person to sign in again and the proof is for another act, person or time."""

    def __init__(self) -> None:
        super().__init__(N_("请重新验证身份后再操作。"))


class AccountNotFound(NotFound):
    """Raised when there is no such account in reach."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个人员。"))


class MembershipNotFound(NotFound):
    """Raised when the person does not belong to the merchant."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个商家。"))


class NoticeNotFound(NotFound):
    """Raised when the person has no such notice."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这条通知。"))


class SessionNotFound(NotFound):
    """Raised when the person has no such open session."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个登录会话。"))


class InvitationNotFound(NotFound):
    """Raised when no invitation has this link or id."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个邀请，请确认链接是否完整。"))


class InvitationOver(Conflict):
    """Raised when an invitation was accepted, revoked or has expired."""

    def __init__(self) -> None:
        super().__init__(N_("这个邀请已使用、已撤销或已过期，请联系管理员重新邀请。"))


class PasswordLinkOver(Conflict):
    """Raised when a password link is unknown, was used or has expired."""

    def __init__(self) -> None:
        super().__init__(N_("这个链接已使用或已过期，请联系管理员重新发送。"))


class ApiKeyNotFound(NotFound):
    """Raised when there is no such API key."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个接口密钥。"))


class LoginTaken(Conflict):
    """Raised when another account of the agency uses the login."""

    def __init__(self) -> None:
        super().__init__(N_("这个登录名已被使用，请换一个。"))


class OwnAccount(Conflict):
    """Raised when an administrator would lock themselves out."""

    def __init__(self) -> None:
        super().__init__(N_("不能停用自己的账号。"))


class LastAdministrator(Conflict):
    """Raised when the agency would be left without an administrator who can sign in."""

    def __init__(self) -> None:
        super().__init__(N_("至少要保留一名可登录的系统管理员。"))


class AlreadyAdministered(Conflict):
    """Raised when an agency with an administrator is to be given a first one from outside."""

    def __init__(self) -> None:
        super().__init__(N_("该机构已有系统管理员，请由其邀请其他人员。"))


class WrongSide(Conflict):
    """Raised when staff are given a merchant's place, or a merchant's person a role of the agency."""

    def __init__(self) -> None:
        super().__init__(N_("代运营方人员与商家人员的角色不能混用。"))


class SecondFactorMissing(Conflict):
    """Raised when there is no second factor, or none waiting to be confirmed."""

    def __init__(self) -> None:
        super().__init__(N_("还没有设置两步验证。"))


class PasswordUnfit(Invalid):
    """Raised when a new password is too weak."""

    def __init__(self, expected: Message) -> None:
        super().__init__(N_("请换一个密码：%(expected)s"), {"password": expected}, expected=expected)


class CodeWrong(Invalid):
    """Raised when the code that would confirm a second factor does not match."""

    def __init__(self) -> None:
        expected = Message(N_("验证码不正确，请核对手机时间后重试"))
        super().__init__(N_("%(expected)s"), {"code": expected}, expected=expected)


class ViewNotFound(NotFound):
    """Raised when the person has no such view and none is shared with them."""

    def __init__(self) -> None:
        super().__init__(N_("找不到这个视图。"))


class ViewNotYours(NotPermitted):
    """Raised when somebody would change a view of another person."""

    def __init__(self) -> None:
        super().__init__(N_("这个视图不是您的，只能查看。可以另存为自己的视图后再修改。"))


class ViewNotShared(NotPermitted):
    """Raised when a view would be shared with more people than its owner may share it with."""


class ViewUnfit(Invalid):
    """Raised when a view cannot be kept like this; `field` says what is wrong."""

    def __init__(self, field: str, why: Message) -> None:
        super().__init__(N_("不能保存：%(why)s。"), {field: why}, why=why)
