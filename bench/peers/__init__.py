"""Programs run inside a throw-away environment of their own (requirements/peers.txt), one per peer.

Each takes a PostgreSQL address of the form `host=… port=… user=… dbname=…` and prints one JSON object. Nothing of the
product is imported, so that the peers are measured as their own users run them.
"""
