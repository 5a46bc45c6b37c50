"""服务质量问题 on real rows: the whole way, and every way back."""

from anshou.tickets.kinds import Kind, Outcome, Status
from tests.tickets.desk import Desk


async def planned(desk: Desk) -> None:
    """Report to a plan that awaits the merchant's word."""
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")


async def carried_out(desk: Desk) -> None:
    """A plan in execution until the merchant is asked for a rating."""
    await desk.finish_measures()
    await desk.act(desk.cast.specialist, "finish_execution")


async def test_a_ticket_goes_from_report_to_closed(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    assert (await desk.ticket(cast.owner)).status is Status.AWAITING_CUSTOMER
    await desk.act(cast.owner, "accept_plan")
    await carried_out(desk)
    await desk.act(cast.owner, "rate")
    assert (await desk.ticket(cast.owner)).status is Status.DONE
    await desk.act(cast.account_manager, "return_visit")
    ticket = await desk.act(cast.account_manager, "close")
    assert (ticket.step, ticket.status, ticket.outcome) == ("closed", Status.CLOSED, Outcome.RESOLVED)
    assert ticket.closed_at == desk.now
    assert ticket.next_due_at is None
