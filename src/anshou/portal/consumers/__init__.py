"""Pages about consumer records, the same for both desks: on a ticket, by search, and what is private by default."""
