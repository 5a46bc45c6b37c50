"""Statements at the agency's desk: a month merchant by merchant, one statement, one of its lines."""
