"""Where my day is."""

MY_DAY = "/my-day"
