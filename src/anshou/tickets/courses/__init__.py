"""Courses (处理过程): what a ticket took, one row for each time it was open, from opening or reopening to its end.

Beside them the limits that were decided, a narrow row each.

They are what measures are made of, kept in the transaction that moved the ticket and made again from its rows whenever
somebody wants to be sure. They never hold a word of what was said. Imports what the tickets room may import.
"""
