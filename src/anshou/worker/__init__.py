"""What happens later: the relay from job rows to the broker, the attempts at jobs, timers, schedules and letters.

Decides nothing itself: an actor decodes ids, calls a verb of the rooms below and commits its effect together with
`done`. Holds no transaction while it talks to somebody outside. Why jobs are rows:
`docs/decisions/0050-jobs-are-rows.md`.
"""
