"""Work for later: the relay from job rows to the broker, the actors, and the timers that fire."""
