"""Why a delivery failed, in words; the number of the messenger or the mail server stays beside them."""

import re
from collections.abc import Callable, Mapping

from anshou.language import Language
from anshou.people.letters import NO_ADDRESS, READ_BEFORE
from tenants.refusals import N_

# What `notifying.robots` and `worker.mail` call it, without the number.
WORDS: Mapping[str, str] = {
    READ_BEFORE: N_("发送前已在门户查看"),
    NO_ADDRESS: N_("没有邮箱"),
    "too fast": N_("发送过快，被对方限流"),
    "busy": N_("对方系统繁忙"),
    "timed out": N_("对方没有及时应答"),
    "no connection": N_("无法连接"),
    "connection broken": N_("连接中断"),
    "destination refused": N_("地址不被允许"),
    "the answer is not the messenger's": N_("应答不是来自该平台"),
    "the security setting refuses": N_("安全设置不通过：加签、关键词或 IP 白名单"),
    "signature or clock": N_("加签密钥或服务器时间不符"),
    "keyword not found": N_("消息缺少机器人要求的关键词"),
    "our address is not allowed": N_("服务器地址不在 IP 白名单"),
    "no such token": N_("机器人不存在，或地址有误"),
    "no such robot": N_("机器人不存在，或地址有误"),
    "the robot is stopped": N_("机器人已被停用"),
    "the group is dissolved": N_("群已解散"),
    "the robot is not in the group": N_("机器人不在群里"),
    "the certificate has expired": N_("对方的证书已过期"),
    "the certificate is not valid yet": N_("对方的证书尚未生效"),
    "the certificate is for another name": N_("对方的证书不是发给这个主机名的"),
    "the certificate is not trusted": N_("对方的证书不受信任"),
    "no TLS": N_("无法建立 TLS 加密连接"),
    "no STARTTLS": N_("服务器不提供 STARTTLS"),
    "login refused": N_("账号、密码或授权码不被接受"),
    "no such folder": N_("没有这个文件夹"),
    "not as IMAP wants it": N_("服务器的应答不符合 IMAP"),
    "the mail server answered": N_("邮件服务器的答复"),
    "the mail server did not accept the credentials": N_("邮件服务器不接受账号密码"),
    "the mail server refuses": N_("邮件服务器拒收"),
}

_PARTS = re.compile(r"(?P<words>.+?)(?: \(?(?P<number>(?:HTTP )?-?[0-9]+)\)?)?")


def saying_why(language: Language) -> Callable[[str | None], str]:
    """Puts a reason into words; one that has none stays as it is."""

    def say(reason: str | None) -> str:
        if not reason:
            return "—"
        parts = _PARTS.fullmatch(reason)
        words = WORDS.get(parts["words"]) if parts else None
        if parts is None or words is None:
            return reason
        number = parts["number"]
        return f"{language.say(words)} ({number})" if number else language.say(words)

    return say
