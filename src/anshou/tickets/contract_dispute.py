"""合作纠纷问题: different readings of a clause, fee settlement, a change of what was agreed (domain.md 2.3).

filed → investigation → negotiation → settlement → (external_resolution →) enforcement → closed.
An agreement binds by the signatures of both sides on the same version of its text. Declining to sign goes back to
negotiation, an obligation that is not performed goes to external resolution; each counts a round. The policy does not
say so, but sides that are before a court or an arbitrator may still settle: an agreement can be proposed there too.
"""

from anshou.people.permissions import Permission as P
from anshou.tickets import anytime
from anshou.tickets.closing import close
from anshou.tickets.dispatching import TAKEN_IN, dispatched
from anshou.tickets.disputing import (
    Agreement,
    Declined,
    Default,
    Investigation,
    NegotiationRound,
    NoAgreement,
    Performance,
    Procedure,
    Proceeding,
    ProceedingOutcome,
    Signature,
    agreed,
    awarded,
    performed,
    signed_by_agency,
    signed_by_merchant,
)
from anshou.tickets.kinds import Clock, Kind, Side, Status
from anshou.tickets.objecting import no_objection
from anshou.tickets.planning import AT_WORK
from anshou.tickets.process import CLOSED, Actor, Lead, Move, Need, Process, Step
from anshou.tickets.situation import Situation
from tenants.refusals import N_


def _settlement_standing(now: Situation) -> Status | None:
    # The merchant has signed and waits for the agency's signature.
    return Status.IN_PROGRESS if Side.MERCHANT in now.facts.signed else None


STEPS = (
    Step(
        name="filed",
        label=N_("纠纷受理"),
        actor=N_("售后协调专员"),
        status=Status.PENDING,
        starts=TAKEN_IN,
    ),
    Step(
        name="investigation", label=N_("调查核实"), actor=N_("售后协调专员"), status=Status.IN_PROGRESS, starts=AT_WORK
    ),
    Step(
        name="negotiation",
        label=N_("协商沟通"),
        actor=N_("双方"),
        status=Status.AWAITING_CUSTOMER,
        meets=(Clock.RESTORATION,),
    ),
    Step(
        name="settlement",
        label=N_("方案确定"),
        actor=N_("双方"),
        status=Status.AWAITING_CUSTOMER,
        standing=_settlement_standing,
    ),
    Step(
        name="external_resolution",
        label=N_("仲裁/诉讼"),
        actor=N_("售后协调专员"),
        status=Status.IN_PROGRESS,
        starts=AT_WORK,
    ),
    Step(
        name="enforcement",
        label=N_("执行与监督"),
        actor=N_("责任部门"),
        status=Status.IN_PROGRESS,
        starts=AT_WORK,
    ),
    Step(name=CLOSED, label=N_("结案"), actor=N_("售后协调专员"), status=Status.CLOSED),
)

negotiated = Need(says=N_("还没有协商记录"), met=lambda now, _: now.facts.negotiated)
agreement_written = Need(says=N_("还没有协议文本"), met=lambda now, _: now.facts.agreement)
not_both_signed = Need(says=N_("双方均已签署"), met=lambda now, _: len(now.facts.signed) < len(Side))
merchant_unsigned = Need(says=N_("商家已签署"), met=lambda now, _: Side.MERCHANT not in now.facts.signed)
agency_unsigned = Need(says=N_("代运营方已签署"), met=lambda now, _: Side.AGENCY not in now.facts.signed)
obligations_remain = Need(says=N_("义务均已履行"), met=lambda now, _: now.facts.obligations_open > 0)
obligations_performed = Need(says=N_("还有义务没有履行"), met=lambda now, _: now.facts.obligations_open == 0)
decided = Need(
    says=N_("仲裁或诉讼还没有结果"),
    met=lambda now, _: now.step != "external_resolution" or now.facts.award,
)
undecided = Need(says=N_("仲裁或诉讼已有结果"), met=lambda now, _: not now.facts.award)


def _both_signed(now: Situation, _: Signature) -> bool:
    return now.facts.signed == frozenset(Side)


MOVES = (
    Move(
        name="start_procedure",
        label=N_("启动纠纷处理程序"),
        at=("filed",),
        by=((Actor.AGENCY, P.COORDINATE_DISPUTE),),
        record=Procedure,
        leads=(Lead(to="investigation"),),
        effect=dispatched,
        meets=(Clock.COORDINATION,),
        shown=True,
    ),
    Move(
        name="conclude_investigation",
        label=N_("提交调查结果"),
        at=("investigation",),
        by=((Actor.AGENCY, P.COORDINATE_DISPUTE),),
        record=Investigation,
        leads=(Lead(to="negotiation"),),
        needs=(no_objection,),
        shown=True,
    ),
    Move(
        name="record_round",
        label=N_("登记协商记录"),
        at=("negotiation", "settlement"),
        by=((Actor.AGENCY, P.COORDINATE_DISPUTE), (Actor.MERCHANT, P.NEGOTIATE)),
        record=NegotiationRound,
        effect=lambda now, _: now.learns(negotiated=True),
        additive=True,
        shown=True,
    ),
    Move(
        name="propose_agreement",
        label=N_("提出书面协议"),
        at=("negotiation", "settlement", "external_resolution"),
        by=((Actor.AGENCY, P.COORDINATE_DISPUTE), (Actor.AGENCY, P.SIGN_FOR_AGENCY)),
        record=Agreement,
        leads=(Lead(to="settlement"),),
        needs=(negotiated,),
        effect=agreed,
        shown=True,
    ),
    Move(
        name="sign_for_merchant",
        label=N_("商家签署"),
        at=("settlement",),
        by=((Actor.MERCHANT, P.SIGN_FOR_MERCHANT),),
        record=Signature,
        leads=(Lead(to="enforcement", when=_both_signed),),
        needs=(agreement_written, merchant_unsigned),
        effect=signed_by_merchant,
        signed=True,
        shown=True,
    ),
    Move(
        name="sign_for_agency",
        label=N_("代运营方签署"),
        at=("settlement",),
        by=((Actor.AGENCY, P.SIGN_FOR_AGENCY),),
        record=Signature,
        leads=(Lead(to="enforcement", when=_both_signed),),
        needs=(agreement_written, agency_unsigned),
        effect=signed_by_agency,
        signed=True,
        shown=True,
    ),
    Move(
        name="decline_agreement",
        label=N_("不同意协议，继续协商"),
        at=("settlement",),
        by=((Actor.MERCHANT, P.NEGOTIATE), (Actor.AGENCY, P.COORDINATE_DISPUTE)),
        record=Declined,
        leads=(Lead(to="negotiation", again=True),),
        needs=(not_both_signed,),
        shown=True,
    ),
    Move(
        name="declare_no_agreement",
        label=N_("协商不成"),
        at=("negotiation", "settlement"),
        by=((Actor.AGENCY, P.COORDINATE_DISPUTE), (Actor.MERCHANT, P.NEGOTIATE)),
        record=NoAgreement,
        leads=(Lead(to="external_resolution"),),
        needs=(negotiated, not_both_signed),
        shown=True,
    ),
    Move(
        name="record_proceeding",
        label=N_("登记仲裁或诉讼"),
        at=("external_resolution",),
        by=((Actor.AGENCY, P.PURSUE_EXTERNALLY),),
        record=Proceeding,
        additive=True,
        shown=True,
    ),
    Move(
        name="record_outcome",
        label=N_("登记裁决结果"),
        at=("external_resolution",),
        by=((Actor.AGENCY, P.PURSUE_EXTERNALLY),),
        record=ProceedingOutcome,
        leads=(Lead(to="enforcement", when=lambda now, _: now.facts.obligations_open > 0),),
        needs=(undecided,),
        effect=awarded,
        shown=True,
    ),
    Move(
        name="perform_obligation",
        label=N_("登记义务履行"),
        at=("enforcement",),
        by=((Actor.AGENCY, P.COORDINATE_DISPUTE), (Actor.DEPARTMENT, P.EXECUTE)),
        record=Performance,
        needs=(obligations_remain,),
        effect=performed,
        additive=True,
        shown=True,
    ),
    Move(
        name="report_default",
        label=N_("未按约履行，转仲裁或诉讼"),
        at=("enforcement",),
        by=((Actor.AGENCY, P.COORDINATE_DISPUTE), (Actor.MERCHANT, P.NEGOTIATE)),
        record=Default,
        leads=(Lead(to="external_resolution", again=True),),
        needs=(obligations_remain,),
        shown=True,
    ),
    close("external_resolution", "enforcement", needs=(decided, obligations_performed)),
)

PROCESS = Process(
    kind=Kind.CONTRACT_DISPUTE,
    prefix="JF",
    steps=STEPS,
    moves=MOVES + anytime.moves(STEPS, reopens_at="investigation", unanswered_at=()),
)
