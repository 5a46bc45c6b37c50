"""The pages of retention. The one list."""

from anshou.portal.retention import holds, periods, runs

RETENTION = (
    periods.retention_page,
    periods.period_page,
    periods.submit_period,
    periods.reset_period,
    holds.holds_page,
    holds.new_hold_page,
    holds.submit_hold,
    holds.lift_page,
    holds.submit_lift,
    runs.runs_page,
    runs.run_page,
)
