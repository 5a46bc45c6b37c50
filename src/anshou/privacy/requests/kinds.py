"""What can be asked for, where a request stands, and what it can be refused for."""

from tenants.labels import Labelled
from tenants.refusals import N_


class Right(Labelled):
    """What somebody asks for."""

    ACCESS = "access", N_("查阅")
    COPY = "copy", N_("复制、转移")
    CORRECT = "correct", N_("更正、补充")
    ERASE = "erase", N_("删除")
    WITHDRAW = "withdraw", N_("撤回同意")

    @property
    def article(self) -> str:
        """Where the law gives it."""
        return {
            Right.ACCESS: N_("《个人信息保护法》第四十五条"),
            Right.COPY: N_("《个人信息保护法》第四十五条"),
            Right.CORRECT: N_("《个人信息保护法》第四十六条"),
            Right.ERASE: N_("《个人信息保护法》第四十七条"),
            Right.WITHDRAW: N_("《个人信息保护法》第十五条"),
        }[self]

    @property
    def erases(self) -> bool:
        """Whether carrying it out means to erase (PIPL art. 47 para. 1 no. 3 for a consent that was withdrawn)."""
        return self in (Right.ERASE, Right.WITHDRAW)

    @property
    def hands_out(self) -> bool:
        """Whether carrying it out means to hand out a copy."""
        return self in (Right.ACCESS, Right.COPY)


class State(Labelled):
    """How far a request is."""

    RECEIVED = "received", N_("已收到")
    IDENTIFIED = "identified", N_("已核实身份")
    DECIDED = "decided", N_("已决定")
    EXECUTED = "executed", N_("已执行")
    ANSWERED = "answered", N_("已答复")


class Through(Labelled):
    """Through whom it came."""

    AGENCY = "agency", N_("代运营方")
    MERCHANT = "merchant", N_("商家")


class Proof(Labelled):
    """How it was made sure that whoever asks is who the records are about."""

    ORDER_DETAILS = "order_details", N_("核对订单信息")
    PHONE_CODE = "phone_code", N_("登记电话回拨或验证码")
    DOCUMENT = "document", N_("身份证明（只核对，不留存）")
    PLATFORM_ACCOUNT = "platform_account", N_("下单的平台账号")
    BY_MERCHANT = "by_merchant", N_("商家已核实")


class Decision(Labelled):
    """What becomes of it."""

    GRANTED = "granted", N_("同意")
    PARTLY = "partly", N_("部分同意")
    REFUSED = "refused", N_("不同意")


class Ground(Labelled):
    """Why it is granted in part only, or not."""

    RETENTION_BY_LAW = "retention_by_law", N_("法律规定的保存期限未届满（第四十七条第二款）")
    LEGAL_HOLD = "legal_hold", N_("争议、诉讼或主管部门要求保全")
    NOT_IDENTIFIED = "not_identified", N_("无法核实请求人身份")
    NOTHING_HELD = "nothing_held", N_("未持有请求人的个人信息")
    OTHERS_RIGHTS = "others_rights", N_("会损害他人的合法权益")
    TECHNICALLY_HARD = "technically_hard", N_("技术上难以实现，已停止除存储以外的处理（第四十七条第二款）")


class Step(Labelled):
    """What happened to a request."""

    RECEIVED = "received", N_("收到请求")
    MATCHED = "matched", N_("关联消费者信息")
    UNMATCHED = "unmatched", N_("取消关联")
    IDENTIFIED = "identified", N_("核实身份")
    DECIDED = "decided", N_("作出决定")
    EXECUTED = "executed", N_("执行")
    COPIED = "copied", N_("导出副本")
    ANSWERED = "answered", N_("答复请求人")
    WARNED = "warned", N_("答复期限过去八成")
    BREACHED = "breached", N_("超过答复期限")
