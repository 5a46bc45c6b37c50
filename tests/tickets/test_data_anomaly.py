"""数据异常问题 on real rows: the whole way, and every way back."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import select

from anshou.people.roles import Department
from anshou.tickets.causes import TechnicalFinding
from anshou.tickets.errors import MoveNotOpen
from anshou.tickets.kinds import Kind, Outcome, Status
from anshou.tickets.metrics import MetricWindow, Observation
from anshou.tickets.reports import AnomalyReport
from tenants.shapes import ShapeInvalid, accept
from tests.tickets.desk import Desk
from tests.tickets.samples import heard, report


async def recovering(desk: Desk) -> None:
    """Detection to a plan that is carried out."""
    cast = desk.cast
    await desk.open(Kind.DATA_ANOMALY, cast.specialist)
    await desk.act(cast.account_manager, "dispatch", department=Department.TECHNICAL_SUPPORT)
    await desk.act(cast.specialist, "conclude_triage")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")


async def monitored(desk: Desk) -> None:
    """A plan in execution until the metric has stayed normal for the seven days of the agency's settings."""
    await desk.finish_measures()
    await desk.act(desk.cast.specialist, "start_monitoring")
    first = desk.now.date()
    desk.now += timedelta(days=7)
    for day in (first, first + timedelta(days=7)):
        await desk.act(desk.cast.specialist, "observe_metric", day=day)


async def test_an_anomaly_goes_from_detection_to_closed(desk: Desk) -> None:
    cast = desk.cast
    await recovering(desk)
    await monitored(desk)
    ticket = await desk.act(cast.account_manager, "report_result")
    assert (ticket.step, ticket.status) == ("feedback", Status.AWAITING_CUSTOMER)
    ticket = await desk.act(cast.owner, "confirm_result")
    assert ticket.status is Status.DONE
    ticket = await desk.act(cast.account_manager, "close")
    assert (ticket.status, ticket.outcome) == (Status.CLOSED, Outcome.RESOLVED)


async def test_the_window_keeps_figures_to_four_places(desk: Desk) -> None:
    ticket = await desk.open(Kind.DATA_ANOMALY, desk.cast.owner, observed=Decimal("430.1250"))
    window = (await desk.session.scalars(select(MetricWindow).where(MetricWindow.ticket_id == ticket.id))).one()
    assert (window.expected, window.observed, window.unit) == (Decimal(1200), Decimal("430.125"), "人")


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "1e15", "-1e20", "0.00001"])
def test_a_figure_that_the_column_cannot_keep_is_refused(figure: str) -> None:
    said = msgspec.to_builtins(report(Kind.DATA_ANOMALY))
    with pytest.raises(ShapeInvalid) as refused:
        accept(AnomalyReport, said | {"observed": figure})
    assert list(refused.value.fields) == ["observed"]


@pytest.mark.parametrize("finding", list(TechnicalFinding))
async def test_technical_or_not_both_ways_go_on_to_analysis(desk: Desk, finding: TechnicalFinding) -> None:
    cast = desk.cast
    await desk.open(Kind.DATA_ANOMALY, cast.owner)
    await desk.act(cast.account_manager, "dispatch")
    ticket = await desk.act(
        cast.specialist, "conclude_triage", finding=finding, department=Department.OPERATIONS, owner=None
    )
    assert (ticket.step, ticket.department) == ("analysis", Department.OPERATIONS)


async def test_a_metric_that_recurs_leads_back_to_analysis_and_counts_a_round(desk: Desk) -> None:
    cast = desk.cast
    await recovering(desk)
    await desk.finish_measures()
    await desk.act(cast.specialist, "start_monitoring")
    await desk.act(cast.specialist, "observe_metric", day=desk.now.date())
    ticket = await desk.act(cast.specialist, "observe_metric", day=desk.now.date(), normal=False)
    assert (ticket.step, ticket.round) == ("analysis", 2)


async def test_an_abnormal_day_during_recovery_is_only_recorded(desk: Desk) -> None:
    await recovering(desk)
    ticket = await desk.act(desk.cast.specialist, "observe_metric", day=desk.now.date(), normal=False)
    assert (ticket.step, ticket.round) == ("recovery", 1)


async def test_the_result_is_reported_only_after_the_metric_stayed_normal(desk: Desk) -> None:
    cast = desk.cast
    await recovering(desk)
    # Normal days before monitoring began do not count, whenever they are recorded.
    before = desk.now.date()
    await desk.act(cast.specialist, "observe_metric", day=before)
    await desk.finish_measures()
    desk.now += timedelta(days=2)
    await desk.act(cast.specialist, "start_monitoring")
    await desk.act(cast.specialist, "observe_metric", day=before)
    await desk.act(cast.specialist, "observe_metric", day=desk.now.date())
    desk.now += timedelta(days=6)
    await desk.act(cast.specialist, "observe_metric", day=desk.now.date())
    with pytest.raises(MoveNotOpen, match="天数还不够"):
        await desk.act(cast.account_manager, "report_result")
    desk.now += timedelta(days=1)
    await desk.act(cast.specialist, "observe_metric", day=desk.now.date())
    ticket = await desk.act(cast.account_manager, "report_result")
    assert ticket.step == "feedback"
    counted = (await desk.session.scalars(select(Observation.counts).order_by(Observation.recorded_at))).all()
    assert counted == [False, False, True, True, True]


async def test_a_merchant_who_asks_again_is_answered_before_they_confirm(desk: Desk) -> None:
    cast = desk.cast
    await recovering(desk)
    await monitored(desk)
    await desk.act(cast.account_manager, "report_result")
    ticket = await desk.act(cast.member, "ask_again")
    # The merchant has just asked: it is not for them to confirm.
    assert (ticket.step, ticket.round, ticket.status) == ("feedback", 2, Status.IN_PROGRESS)
    with pytest.raises(MoveNotOpen, match="还没有答复"):
        await desk.act(cast.member, "confirm_result")
    with pytest.raises(MoveNotOpen):
        await desk.act(cast.account_manager, "close")
    ticket = await desk.act(cast.account_manager, "answer_question")
    assert ticket.status is Status.AWAITING_CUSTOMER
    await desk.act(cast.account_manager, "confirm_result", heard=heard(desk.now))
    ticket = await desk.act(cast.account_manager, "close")
    assert ticket.outcome is Outcome.RESOLVED


async def test_a_doubted_cause_is_analysed_anew_from_feedback(desk: Desk) -> None:
    cast = desk.cast
    await recovering(desk)
    await monitored(desk)
    await desk.act(cast.account_manager, "report_result")
    await desk.act(cast.owner, "ask_again")
    ticket = await desk.act(cast.specialist, "reanalyse")
    assert (ticket.step, ticket.round) == ("analysis", 2)
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")
    await monitored(desk)
    ticket = await desk.act(cast.account_manager, "report_result")
    assert ticket.status is Status.AWAITING_CUSTOMER
