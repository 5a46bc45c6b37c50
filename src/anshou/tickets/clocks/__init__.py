"""Time limits (时限): when something is due, why, and what happens when it is late. domain.md section 3.

`calendars`, `workdays`, `hours`, `limits`, `due` and `explaining` are a pure calculation, usable without a database:
start, limit, calendar and stops in, due time and explanation out. The other files keep the clocks of tickets as rows.
Never sends anything: what a clock tells goes through the ticket's events. Imports what the tickets room may import.
"""
