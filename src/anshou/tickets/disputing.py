"""The records of a dispute in the order in which they are made, and what each does to it (domain.md 2.3)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from anshou.merchants.terms import Forum
from anshou.tickets.dispatching import Dispatch
from anshou.tickets.kinds import Channel, Side
from anshou.tickets.measuring import latest_day
from anshou.tickets.records import IN_THE_PAST, Record, choice, day, line, moment, part, rows, text
from anshou.tickets.situation import Situation
from billing.responsibility import Determination
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Procedure(Dispatch, frozen=True, kw_only=True):
    """Who coordinates the dispute, and the word to the merchant that the set procedure starts: here it is owed."""

    message: Annotated[str, text(N_("告知商家启动处理程序"), shown=True)]


class Evidence(Labelled):
    """What an investigation collects."""

    CONTRACT_DOCUMENT = "contract_document", N_("合同文件")
    SERVICE_RECORD = "service_record", N_("服务记录")
    COMMUNICATION_RECORD = "communication_record", N_("沟通记录")


class EvidenceDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing collected: what it is and shows, and the attachment that holds it, if any."""

    sort: Annotated[Evidence, choice(N_("材料类型"))]
    content: Annotated[str, text(N_("内容摘要"), longest=2000)]
    attachment: Annotated[UUID, choice(N_("附件"), widget="attachment")] | None = None


class PointAtIssue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One point at issue, with what falls to each side."""

    issue: Annotated[str, text(N_("争议点"), longest=2000)]
    agency_part: Annotated[str, text(N_("代运营方的责任"), longest=2000)]
    merchant_part: Annotated[str, text(N_("商家的责任"), longest=2000)]
    clause: Annotated[str, line(N_("合同条款"))] | None = None


class Investigation(Record, frozen=True, kw_only=True):
    """What was collected, and each point at issue with both sides' responsibility; that stays inside the agency.

    A determination is told: whoever is to bear a cost may know why, and object.
    """

    evidence: Annotated[tuple[EvidenceDraft, ...], rows(N_("收集的材料"), widget="evidence", least=1)]
    points: Annotated[tuple[PointAtIssue, ...], rows(N_("争议点与责任"), widget="points", least=1)]
    responsibility: Annotated[Determination, part(N_("责任判定"), shown=True, widget="responsibility")] | None = None

    def __post_init__(self) -> None:
        """All three sorts of evidence were looked for; one that does not exist is recorded as such."""
        if {each.sort for each in self.evidence} != set(Evidence):
            raise Unfit(Message(N_("合同文件、服务记录、沟通记录均须收集；没有的也请注明")), "evidence")

    def judges(self) -> bool:
        """It does where the responsibility is stated."""
        return self.responsibility is not None


class NegotiationRound(Record, frozen=True, kw_only=True):
    """One round: when, who, positions and offers; both sides read it."""

    held_at: Annotated[datetime, moment(N_("协商时间"), shown=True)]
    channel: Annotated[Channel, choice(N_("协商方式"), shown=True)]
    people: Annotated[str, text(N_("参与人员"), shown=True, longest=1000)]
    agency_position: Annotated[str, text(N_("代运营方立场"), shown=True)]
    merchant_position: Annotated[str, text(N_("商家立场"), shown=True)]
    agency_offer: Annotated[str, text(N_("代运营方方案"), shown=True)] | None = None
    merchant_offer: Annotated[str, text(N_("商家方案"), shown=True)] | None = None

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A round is recorded after it was held."""
        return {} if self.held_at <= at else {"held_at": IN_THE_PAST}


class ObligationDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one side has to do, until when."""

    side: Annotated[Side, choice(N_("义务方"))]
    duty: Annotated[str, text(N_("义务"), longest=2000)]
    due_on: Annotated[date, day(N_("履行期限"))]


class Agreement(Record, frozen=True, kw_only=True):
    """A written agreement as proposed for signature. Another proposal is another version, to be signed anew."""

    title: Annotated[str, line(N_("协议标题"), shown=True)]
    text: Annotated[str, text(N_("协议全文"), shown=True, longest=50_000)]
    obligations: Annotated[tuple[ObligationDraft, ...], rows(N_("双方义务"), shown=True, widget="obligations", least=1)]


class Signature(Record, frozen=True, kw_only=True):
    """A signature on one version of an agreement. `sha256` is that of the document as it was shown to the person."""

    agreement: Annotated[UUID, choice(N_("协议"), shown=True, widget="agreement")]
    sha256: Annotated[str, line(N_("文件校验值"), shown=True, widget="hidden", longest=64)]


class Declined(Record, frozen=True, kw_only=True):
    """Why an agreement is not signed as it stands."""

    reason: Annotated[str, text(N_("不同意的原因"), shown=True)]


class NoAgreement(Record, frozen=True, kw_only=True):
    """Why negotiation ends without an agreement."""

    reason: Annotated[str, text(N_("协商不成的原因"), shown=True)]


class Proceeding(Record, frozen=True, kw_only=True):
    """A proceeding before an outside forum, or news of it."""

    forum: Annotated[Forum, choice(N_("途径"), shown=True)]
    body: Annotated[str, line(N_("仲裁委员会或法院"), shown=True)]
    case_number: Annotated[str, line(N_("案号"), shown=True)]
    filed_on: Annotated[date, day(N_("立案日期"), shown=True)]
    hearing_on: Annotated[date, day(N_("开庭日期"), shown=True)] | None = None
    notes: Annotated[str, text(N_("说明"))] | None = None

    def __post_init__(self) -> None:
        """A case is heard after it was filed."""
        if self.hearing_on is not None and self.hearing_on < self.filed_on:
            raise Unfit(Message(N_("不能早于立案日期")), "hearing_on")

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A case is recorded after it was filed."""
        return {} if self.filed_on <= latest_day(at) else {"filed_on": IN_THE_PAST}


class Ruling(Labelled):
    """How a proceeding ended."""

    AWARD = "award", N_("裁决")
    JUDGMENT = "judgment", N_("判决")
    MEDIATION = "mediation", N_("调解书")
    DISMISSED = "dismissed", N_("驳回")
    WITHDRAWN = "withdrawn", N_("撤诉或撤回申请")


class ProceedingOutcome(Record, frozen=True, kw_only=True):
    """The end of the proceeding, with each obligation that it lays on a side."""

    ruling: Annotated[Ruling, choice(N_("结果"), shown=True)]
    decided_on: Annotated[date, day(N_("裁判日期"), shown=True)]
    text: Annotated[str, text(N_("主要内容"), shown=True)]
    obligations: Annotated[tuple[ObligationDraft, ...], rows(N_("须履行的义务"), shown=True, widget="obligations")] = ()

    def faults(self, at: datetime) -> Mapping[str, str]:
        """An outcome is recorded after it was given."""
        return {} if self.decided_on <= latest_day(at) else {"decided_on": IN_THE_PAST}


class Performance(Record, frozen=True, kw_only=True):
    """One obligation performed, with the attachment that proves it."""

    obligation: Annotated[UUID, choice(N_("义务"), shown=True, widget="obligation")]
    performed_on: Annotated[date, day(N_("履行日期"), shown=True)]
    proof: Annotated[UUID, choice(N_("履行凭证"), shown=True, widget="attachment")]
    notes: Annotated[str, text(N_("说明"), shown=True)] | None = None

    def faults(self, at: datetime) -> Mapping[str, str]:
        """An obligation is recorded after it was performed."""
        return {} if self.performed_on <= latest_day(at) else {"performed_on": IN_THE_PAST}


class Default(Record, frozen=True, kw_only=True):
    """Which obligation was not performed, and what is sought now."""

    reason: Annotated[str, text(N_("未履行的情况"), shown=True)]


def agreed(now: Situation, record: Agreement) -> Situation:
    """A new version of the agreement; nobody has signed it yet."""
    return now.learns(agreement=True, signed=frozenset(), obligations_open=len(record.obligations), award=False)


def signed_by_merchant(now: Situation, _: Signature) -> Situation:
    """The merchant's signature is there."""
    return now.learns(signed=now.facts.signed | {Side.MERCHANT})


def signed_by_agency(now: Situation, _: Signature) -> Situation:
    """The agency's signature is there."""
    return now.learns(signed=now.facts.signed | {Side.AGENCY})


def awarded(now: Situation, record: ProceedingOutcome) -> Situation:
    """The proceeding is over; its obligations replace those of an agreement that came to nothing."""
    return now.learns(award=True, agreement=False, signed=frozenset(), obligations_open=len(record.obligations))


def performed(now: Situation, _: Performance) -> Situation:
    """One obligation less."""
    return now.learns(obligations_open=now.facts.obligations_open - 1)
