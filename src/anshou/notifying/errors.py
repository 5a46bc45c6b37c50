"""What this room refuses."""

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class RobotAddressRefused(Invalid):
    """Raised when an address is not that of the messenger's robots."""

    def __init__(self, messenger: str) -> None:
        reason = _EXPECTED[messenger]
        super().__init__(reason, {"url": Message(reason)})


class RobotNotFound(NotFound):
    """Raised when there is no such robot."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个群机器人。"))


class RoleUnknown(NotFound):
    """Raised when an address names a role that there is not."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个角色。"))


class TooManyRobots(Conflict):
    """Raised when the agency already has as many robots as it may."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("最多可以有 %(most)s 个群机器人。"), most=most)


class MailboxUnsafe(Invalid):
    """Raised when a mailbox would be entered in the clear over a network."""

    def __init__(self) -> None:
        reason = N_("这个服务器须使用 TLS 或 STARTTLS。")
        super().__init__(reason, {"security": Message(reason)})


class MailboxPasswordMissing(Invalid):
    """Raised when a mailbox comes without a password: there is none yet, or `changed` leads elsewhere."""

    def __init__(self, changed: str = "") -> None:
        if changed:
            values = {"changed": Message(changed)}
            reason = N_("改了“%(changed)s”，请重新填写密码或授权码：原来的密码不会发往新的连接。")
        else:
            values, reason = {}, N_("请填写这个邮箱的密码或授权码。")
        super().__init__(reason, {"password": Message(reason, **values)}, **values)


class DeliveryNotFound(NotFound):
    """Raised when there is no such delivery."""

    def __init__(self) -> None:
        super().__init__(N_("没有这次发送。"))


class DeliveryNotFailed(Conflict):
    """Raised when something is to be tried again that has not failed, or no longer."""

    def __init__(self) -> None:
        super().__init__(N_("这次发送并未失败，无需重试。"))


_EXPECTED = {
    "wecom": N_("请粘贴企业微信群机器人的完整地址，以 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key= 开头。"),
    "dingtalk": N_("请粘贴钉钉群机器人的完整地址，以 https://oapi.dingtalk.com/robot/send?access_token= 开头。"),
    "feishu": N_("请粘贴飞书群机器人的完整地址，以 https://open.feishu.cn/open-apis/bot/v2/hook/ 开头。"),
}
