"""The pages of measures, of both desks."""

from anshou.portal.performance import behind, dashboard, mine, sheet

PERFORMANCE = (
    dashboard.measures_page,
    behind.behind_page,
    sheet.measures_sheet,
    mine.my_measures_page,
    mine.my_behind_page,
    mine.my_measures_sheet,
)
