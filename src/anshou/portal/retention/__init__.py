"""How long what is kept, what is on hold, and what was erased: pages of settings."""
