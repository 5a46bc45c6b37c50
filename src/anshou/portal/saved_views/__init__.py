"""Saved views and searches: kept from their list, named, shared, changed and deleted, in the same way everywhere."""
