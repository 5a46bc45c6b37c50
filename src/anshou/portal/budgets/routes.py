"""The pages of budgets. The one list."""

from anshou.portal.budgets import overview, setting

BUDGETS = (
    overview.budgets_page,
    setting.new_budget_page,
    setting.submit_budget,
    overview.budget_page,
    setting.change_page,
    setting.submit_change,
    setting.retire_page,
    setting.submit_retirement,
)
