"""The merchant's desk, made for a phone first: my tickets, reporting, one ticket, who works for me, my contract."""
