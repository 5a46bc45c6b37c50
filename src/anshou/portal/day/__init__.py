"""My day: what is due, what was answered, what waits, each a way to where it is done."""
