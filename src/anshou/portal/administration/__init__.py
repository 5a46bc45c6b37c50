"""Setting the agency up: people, interface keys, its own settings, time limits and calendars, and background jobs.

One file per page. Who may do what is decided by the verbs; the pages only leave out what would be refused.
"""
