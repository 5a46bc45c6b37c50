"""The pages of statements. The one list."""

from anshou.portal.statements import disputes, line, months, owing, papers, payments, preparing, statement

STATEMENTS = (
    months.months_page,
    owing.owing_page,
    owing.my_owing_page,
    disputes.disputes_page,
    preparing.preparation_page,
    preparing.prepare,
    preparing.review,
    preparing.issue,
    payments.payment_page,
    payments.submit_payment,
    statement.statement_page,
    statement.remind,
    papers.printed,
    papers.spreadsheet,
    papers.my_printed,
    papers.my_spreadsheet,
    line.line_page,
    line.hand_out,
    line.accept_page,
    line.submit_acceptance,
    line.submit_acknowledgement,
    line.reject_page,
    line.submit_rejection,
)
