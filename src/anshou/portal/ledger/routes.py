"""The pages of the books. The one list."""

from anshou.portal.ledger import balances, chart, openings, proving, vouchers, writing

LEDGER = (
    vouchers.vouchers_page,
    writing.new_page,
    writing.submit_voucher,
    vouchers.voucher_page,
    writing.reversing_page,
    writing.submit_reversal,
    balances.balances_page,
    balances.balances_sheet,
    balances.detail_page,
    chart.chart_page,
    chart.start,
    chart.new_page,
    chart.submit_account,
    chart.currency_page,
    chart.submit_currency,
    chart.change_page,
    chart.submit_change,
    chart.submit_retirement,
    openings.openings_page,
    openings.submit_openings,
    openings.fill_in,
    proving.proof_page,
)
