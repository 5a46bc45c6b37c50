"""Invoices (发票): asked for, written out line by line, issued outside, recorded, red-lettered.

The agency issues in the tax bureau's own program; here stands what is asked for, what of which statement it bills and
what came of it. Nothing is invoiced beyond what a statement bills: the database counts. Knows people and merchants as
ids. May import confidentiality and tenants, and of billing the statements.
"""
