"""The pages of my day. The one list."""

from anshou.portal.day import day

DAY = (day.day_page, day.day_now)
