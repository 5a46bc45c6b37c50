"""Telling people of costs and budgets. Which page a notice leads to stands in the portal's notices."""

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.cards import colleagues
from anshou.people.roles import Department, Role
from anshou.privacy.telling import tell_owners, tell_person, tell_roles
from billing.budgets.lines import Budget
from billing.budgets.watching import Standing
from billing.costs.items import CostItem
from billing.invoices.rows import InvoiceRequest
from billing.statements.rows import Statement

COST_RETURNED = "cost_returned"
STATEMENT_ISSUED = "statement_issued"
STATEMENT_REMINDED = "statement_reminded"
LINE_DISPUTED = "statement_line_disputed"
DISPUTE_ANSWERED = "statement_dispute_answered"
INVOICE_REQUESTED = "invoice_requested"
INVOICE_REFUSED = "invoice_refused"
INVOICE_ISSUED = "invoice_issued"
BUDGET_WARNED = "budget_warned"
BUDGET_FLAGGED = "budget_flagged"

_TOLD = {Standing.WARNED: BUDGET_WARNED, Standing.FLAGGED: BUDGET_FLAGGED}


async def tell_returned(session: AsyncSession, item: CostItem) -> None:
    """Tell the claimant that the item came back."""
    await tell_person(session, COST_RETURNED, item.claimed_by, subject=item.id, number=item.number)


async def tell_passed(session: AsyncSession, budget: Budget, threshold: Standing) -> None:
    """Tell finance and those who set budgets that the budget passed a threshold. Needs the agency's context."""
    meant = [
        *await colleagues(session, role=Role.FINANCE),
        *await colleagues(session, role=Role.EXECUTIVE),
        *await colleagues(session, role=Role.SUPERVISOR, department=Department.FINANCE),
    ]
    for account_id in sorted({one.id for one in meant}):
        await tell_person(session, _TOLD[threshold], account_id, subject=budget.id, number="")


async def tell_of_issue(session: AsyncSession, statement: Statement) -> None:
    """Tell the merchant's owners that the statement can be read."""
    await _tell_merchant(session, STATEMENT_ISSUED, statement)


async def tell_of_reminder(session: AsyncSession, statement: Statement) -> None:
    """Tell the merchant's owners that their answer is awaited."""
    await _tell_merchant(session, STATEMENT_REMINDED, statement)


async def tell_of_answer(session: AsyncSession, statement: Statement) -> None:
    """Tell the merchant's owners that a dispute was answered."""
    await _tell_merchant(session, DISPUTE_ANSWERED, statement)


async def tell_of_dispute(session: AsyncSession, statement: Statement) -> None:
    """Tell finance that a line is disputed."""
    await tell_roles(session, LINE_DISPUTED, Role.FINANCE, subject=statement.id, number=statement.number)


async def tell_of_invoice(session: AsyncSession, event: str, request: InvoiceRequest) -> None:
    """Tell finance that an invoice is asked for, or the merchant's owners what came of it."""
    if event == INVOICE_REQUESTED:
        await tell_roles(session, event, Role.FINANCE, subject=request.id, number=request.number)
    else:
        await tell_owners(session, event, request.merchant_id, subject=request.id, number=request.number)


async def _tell_merchant(session: AsyncSession, event: str, statement: Statement) -> None:
    await tell_owners(session, event, statement.merchant_id, subject=statement.id, number=statement.number)
