"""The pages of the first steps. The one list."""

from anshou.portal.first_steps import overview

FIRST_STEPS_PAGES = (overview.steps_page, overview.steps_left, overview.put_away, overview.take_out)
