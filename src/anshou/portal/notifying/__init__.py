"""How people hear of what waits: group robots, defaults, deliveries, and my own choices."""
