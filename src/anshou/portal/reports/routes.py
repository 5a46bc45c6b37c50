"""The pages of reports. The one list."""

from anshou.portal.reports import behind, costs

REPORTS = (costs.costs_page, costs.costs_sheet, behind.entries_page)
