"""First steps of a new agency: what is set up, what is next, and the way to each."""
