"""What the pages of a statement show on both desks."""

from typing import Any

from anshou.finance.reading_statements import lines_of, ticket_numbers
from anshou.finance.statement_months import standings_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.portal.statements.places import PAGE, TONES, WORD_TONES, ticket_root
from billing.statements.rows import Statement
from billing.statements.totals import Totals, totals_of


async def shown_head(visit: Visit, statement: Statement) -> dict[str, Any]:
    """Its figures and where it stands."""
    return {
        "statement": statement,
        "merchant": await visible_merchant(visit.session, statement.merchant_id),
        "standing": (await standings_of(visit.session, [statement]))[statement.id],
        "tones": TONES,
        "word_tones": WORD_TONES,
        "totals": (await totals_of(visit.session, [statement])).get(statement.id, Totals()),
        "reply_by": statement.reply_by.astimezone((await read_settings(visit.session)).zone).date(),
    }


async def shown_lines(request: Asked, visit: Visit, statement: Statement, here: str) -> dict[str, Any]:
    """A page of its lines: those behind the place that the address names."""
    after = _place(request.query_params.get("after", ""))
    found = await lines_of(visit.session, statement, after=after, limit=PAGE + 1)
    lines = found[:PAGE]
    return {
        "lines": lines,
        "here": here,
        "ticket_numbers": await ticket_numbers(
            visit.session, statement.merchant_id, {shown.line.ticket_id for shown in lines}
        ),
        "ticket_root": ticket_root(visit.person),
        "first": here if after else "",
        "following": f"{here}?after={lines[-1].line.place}" if len(found) > PAGE else "",
    }


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
