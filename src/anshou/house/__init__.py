"""The house itself: the embedded PostgreSQL, the root secret, and the supervisor behind `anshou run`.

Starts and stops processes; knows nothing of tenants, tickets or HTTP. Imported by the commands and by the tests, never
by a door or a room below one.
"""
