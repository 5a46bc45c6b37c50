"""The channels through which agency and merchants talk (domain.md section 4)."""

from tenants.labels import Labelled
from tenants.refusals import N_


class Channel(Labelled):
    """Through what a matter came in, a conversation was held, or a contact prefers to be reached."""

    PHONE = "phone", N_("电话")
    EMAIL = "email", N_("邮件")
    ONLINE_CHAT = "online_chat", N_("在线客服")
    INSTANT_MESSAGING = "instant_messaging", N_("即时通讯")
    PORTAL = "portal", N_("工单系统")
    PLATFORM_MESSAGE = "platform_message", N_("平台消息")
    MEETING = "meeting", N_("会议")
