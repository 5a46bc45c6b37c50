"""What is returned of tickets: everything said that the merchant may read, its files, figures and agreements."""

from anshou.privacy.entrustment.returnable import Returnable
from anshou.privacy.retention.of_tickets import (
    AGREEMENTS,
    ATTACHMENTS,
    BUSINESS_FIGURES,
    COMMUNICATION_RECORDS,
    TICKET_TEXTS,
)
from anshou.tickets.agreements import Agreement, Signature
from anshou.tickets.clocks.clock_rows import ClockStop
from anshou.tickets.closures import Closure, Reopening
from anshou.tickets.determinations import Determination
from anshou.tickets.entries import Attachment, Entry
from anshou.tickets.holds import Hold
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.metrics import MetricWindow, Observation
from anshou.tickets.negotiations import NegotiationRound
from anshou.tickets.objections import DeterminationObjection, DeterminationReview
from anshou.tickets.obligations import Obligation
from anshou.tickets.plans import Measure, Plan, PlanAnswer
from anshou.tickets.proceedings import Proceeding, ProceedingOutcome
from anshou.tickets.ratings import Rating, ReturnVisit
from anshou.tickets.results import Question, Result, ResultConfirmation
from anshou.tickets.tickets import Ticket

_TEXTS = TICKET_TEXTS.code
_AGREED = AGREEMENTS.code
_FIGURES = BUSINESS_FIGURES.code
_SAID = {"at": "时间", "author_name": "发言人", "author_side": "哪一方", "sort": "种类", "move": "步骤"}
_HEARD = {"comment": "意见", "heard": "代为登记的依据"}

RETURNABLES: tuple[Returnable, ...] = (
    Returnable(
        kind=_TEXTS,
        model=Ticket,
        label="工单",
        columns={"title": "标题", "description": "描述", "request": "诉求"},
        beside={"kind": "种类", "status": "状态", "opened_at": "提交时间", "closed_at": "结案时间"},
        written="opened_at",
    ),
    Returnable(
        kind=_TEXTS,
        model=Entry,
        label="工单消息与记录",
        columns={"body": "文字", "record": "记录"},
        beside=_SAID,
        only=(Entry.audience == Side.MERCHANT, Entry.sort != EntrySort.CONTACT),
        written="at",
    ),
    Returnable(
        kind=COMMUNICATION_RECORDS.code,
        model=Entry,
        label="沟通记录",
        columns={"body": "文字", "record": "记录"},
        beside=_SAID,
        only=(Entry.audience == Side.MERCHANT, Entry.sort == EntrySort.CONTACT),
        written="at",
    ),
    Returnable(
        kind=ATTACHMENTS.code,
        model=Attachment,
        label="工单附件",
        columns={"name": "文件名"},
        beside={"size": "字节", "added_at": "上传时间"},
        only=(Attachment.audience == Side.MERCHANT,),
        written="added_at",
        has_files=True,
    ),
    Returnable(
        kind=_TEXTS,
        model=Closure,
        label="结案",
        columns={"said": "说明"},
        beside={"closed_at": "时间", "outcome": "结果"},
    ),
    Returnable(
        kind=_TEXTS, model=Reopening, label="重新打开", columns={"reason": "原因"}, beside={"reopened_at": "时间"}
    ),
    Returnable(
        kind=_TEXTS,
        model=Hold,
        label="挂起",
        columns={"reason": "原因"},
        beside={"held_at": "开始", "ended_at": "结束"},
    ),
    Returnable(
        kind=_TEXTS,
        model=ClockStop,
        label="时限暂停",
        columns={"reason": "原因"},
        beside={"since": "开始", "until": "结束"},
    ),
    Returnable(
        kind=_TEXTS,
        model=Plan,
        label="方案",
        columns={"summary": "概要"},
        beside={"version": "版本", "state": "状态", "submitted_at": "提交时间"},
        only=(Plan.audience == Side.MERCHANT,),
    ),
    Returnable(
        kind=_TEXTS,
        model=Measure,
        label="方案措施",
        columns={"action": "措施", "result": "结果"},
        beside={"deadline": "期限", "done_at": "完成时间"},
        only=(Measure.audience == Side.MERCHANT,),
    ),
    Returnable(
        kind=_TEXTS,
        model=PlanAnswer,
        label="对方案的答复",
        columns=_HEARD,
        beside={"accepted": "接受", "answered_at": "时间"},
    ),
    Returnable(kind=_TEXTS, model=Rating, label="评分", columns=_HEARD, beside={"score": "分数", "rated_at": "时间"}),
    Returnable(
        kind=_TEXTS, model=ReturnVisit, label="回访", columns={"spoke_with": "受访人"}, beside={"visited_at": "时间"}
    ),
    Returnable(
        kind=_TEXTS,
        model=Result,
        label="处理结果",
        columns={"cause": "原因", "measures": "措施"},
        beside={"told_at": "告知时间"},
    ),
    Returnable(
        kind=_TEXTS, model=ResultConfirmation, label="结果确认", columns=_HEARD, beside={"confirmed_at": "时间"}
    ),
    Returnable(
        kind=_TEXTS,
        model=Question,
        label="疑问与答复",
        columns={"question": "疑问", "answer": "答复", "heard": "代为登记的依据"},
        beside={"asked_at": "提出时间", "answered_at": "答复时间"},
    ),
    Returnable(
        kind=_TEXTS,
        model=Determination,
        label="责任判定",
        columns={"basis": "判定依据", "clause": "适用条款", "reason": "改判原因"},
        beside={"determined_at": "判定时间"},
        only=(Determination.audience == Side.MERCHANT,),
    ),
    Returnable(
        kind=_TEXTS,
        model=DeterminationObjection,
        label="责任异议",
        columns={"reason": "异议理由", "heard": "代为登记的依据"},
        beside={"raised_at": "提出时间"},
    ),
    Returnable(
        kind=_TEXTS,
        model=DeterminationReview,
        label="责任复议",
        columns={"reason": "复议理由"},
        beside={"outcome": "结论", "reviewed_at": "复议时间"},
    ),
    Returnable(
        kind=_TEXTS,
        model=NegotiationRound,
        label="协商",
        columns={
            "people": "参加人",
            "agency_position": "代运营方主张",
            "merchant_position": "商家主张",
            "agency_offer": "代运营方方案",
            "merchant_offer": "商家方案",
        },
        beside={"held_at": "时间", "channel": "方式"},
    ),
    Returnable(
        kind=_FIGURES,
        model=MetricWindow,
        label="经营数据",
        columns={"expected": "正常值", "observed": "实际值"},
        beside={"metric": "指标", "unit": "单位", "starts_at": "开始", "ends_at": "结束"},
    ),
    Returnable(
        kind=_FIGURES,
        model=Observation,
        label="观察值",
        columns={"observed": "实际值"},
        beside={"day": "日期", "normal": "正常"},
    ),
    Returnable(
        kind=_AGREED,
        model=Agreement,
        label="和解协议",
        columns={"title": "标题", "document": "全文"},
        beside={"id": "协议标识", "version": "版本", "sha256": "校验值", "proposed_at": "提出时间"},
    ),
    Returnable(
        kind=_AGREED,
        model=Signature,
        label="协议签署",
        columns={"name": "签署人"},
        beside={"agreement_id": "协议标识", "side": "哪一方", "signed_at": "签署时间", "sha256": "校验值"},
    ),
    Returnable(
        kind=_AGREED,
        model=Proceeding,
        label="仲裁与诉讼",
        columns={"body": "机构", "case_number": "案号"},
        beside={"forum": "程序", "filed_on": "立案日", "hearing_on": "开庭日"},
    ),
    Returnable(
        kind=_AGREED,
        model=ProceedingOutcome,
        label="裁判结果",
        columns={"text": "内容"},
        beside={"ruling": "结果", "decided_on": "日期"},
    ),
    Returnable(
        kind=_AGREED,
        model=Obligation,
        label="履行事项",
        columns={"duty": "内容"},
        beside={"side": "哪一方", "due_on": "期限", "performed_on": "履行日"},
    ),
)
