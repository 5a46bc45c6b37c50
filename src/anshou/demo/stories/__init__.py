"""How a matter of each kind went: the moves in their order, told through a `Scene` that makes them for real."""
