"""The agency's desk: queue, overdue, taking in, the ticket page. One file per page."""
