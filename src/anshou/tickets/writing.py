"""Which rows a record leaves behind besides its entry on the timeline. One table, so that none is forgotten."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets import (
    agreements,
    analyses,
    closing,
    closures,
    data_anomaly,
    determinations,
    dispatching,
    disputing,
    ending,
    escalations,
    hand_overs,
    holds,
    investigations,
    links,
    measuring,
    meetings,
    metrics,
    negotiations,
    objecting,
    objections,
    obligations,
    planning,
    plans,
    proceedings,
    ratings,
    records,
    results,
    service_quality,
    steering,
    telling,
)
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket

Writer = Callable[[AsyncSession, Ticket, Any, Made], Awaitable[None]]

WRITERS: dict[type[records.Record], Writer] = {
    steering.Claim: hand_overs.write_claim,
    dispatching.Dispatch: hand_overs.write_dispatch,
    disputing.Procedure: hand_overs.write_dispatch,
    steering.HandOver: hand_overs.write_hand_over,
    steering.Assignment: hand_overs.write_assignment,
    steering.Release: hand_overs.write_release,
    steering.Reclassification: hand_overs.write_reclassification,
    steering.Promise: hand_overs.write_promise,
    steering.Hold: holds.write_hold,
    steering.Escalation: escalations.write_escalation,
    steering.EscalationDecision: escalations.write_decision,
    steering.Redetermination: determinations.write_redetermination,
    objecting.Objection: objections.write_objection,
    objecting.Review: objections.write_review,
    steering.Link: links.write_link,
    telling.Meeting: meetings.write_meeting,
    ending.Withdrawal: closures.write_withdrawal,
    ending.Explanation: closures.write_refusal,
    ending.NoAnswer: closures.write_no_answer,
    ending.Merge: closures.write_merge,
    ending.Reopening: closures.write_reopening,
    closing.Closing: closures.write_closing,
    data_anomaly.Triage: analyses.write_triage,
    data_anomaly.RootCause: analyses.write_root_cause,
    service_quality.Analysis: analyses.write_analysis,
    planning.PlanDraft: plans.write_plan,
    planning.PlanApproval: plans.write_approval,
    planning.SentBack: plans.write_sending_back,
    planning.Revision: plans.write_revision,
    planning.MeasureResult: plans.write_measure_result,
    service_quality.PlanAccepted: plans.write_acceptance,
    service_quality.PlanRejected: plans.write_rejection,
    service_quality.Rating: ratings.write_rating,
    service_quality.ReturnVisit: ratings.write_return_visit,
    measuring.Observation: metrics.write_observation,
    data_anomaly.Result: results.write_result,
    data_anomaly.Confirmation: results.write_confirmation,
    data_anomaly.Question: results.write_question,
    data_anomaly.Answer: results.write_answer,
    disputing.Investigation: investigations.write_investigation,
    disputing.NegotiationRound: negotiations.write_negotiation_round,
    disputing.Agreement: agreements.write_agreement,
    disputing.Signature: agreements.write_signature,
    disputing.Proceeding: proceedings.write_proceeding,
    disputing.ProceedingOutcome: proceedings.write_outcome,
    disputing.Performance: obligations.write_performance,
}

# What these state is on the timeline and changes nothing else that is asked about later.
ENTRY_ONLY = frozenset(
    {
        records.Nothing,
        dispatching.Acceptance,
        steering.Resumption,
        telling.Progress,
        telling.Contact,
        planning.AnotherLook,
        service_quality.Execution,
        disputing.Declined,
        disputing.NoAgreement,
        disputing.Default,
    }
)
