"""The pages of reports. The one list."""

from anshou.portal.reports import agreement, behind, costs, debts, overview, recovery

REPORTS = (
    overview.overview_page,
    costs.costs_page,
    costs.costs_sheet,
    behind.entries_page,
    behind.entries_sheet,
    recovery.recovery_page,
    recovery.recovery_sheet,
    debts.debts_page,
    debts.debts_sheet,
    agreement.agreement_page,
)
