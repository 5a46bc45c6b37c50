"""The pages of statements. The one list."""

from anshou.portal.statements import months, statement

STATEMENTS = (
    months.months_page,
    statement.statement_page,
)
