"""The ground floor: who the tenant is, its schema and role, and the session without which nothing is read.

Also owns the job and timer tables in `control`, because they are written in the tenant's own transaction.
Imports no other room.
"""
