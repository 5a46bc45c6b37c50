"""Bills as others send them (banks, payment platforms, marketplaces, couriers), read into lines of one shape.

Pure: bytes in, a `Bill` or every fault with its place out. Never stores, never matches, never guesses: what cannot be
read with certainty is refused with file, line, column, value and what was expected. May import tenants.
"""
