"""The figures that the product promises, measured as ratios in one run on one machine.

`make bench` runs every module named in `bench.__main__` on one server with 1,000 tenants and writes `bench/results.md`;
`make bench ARGS="provisioning --tenants 50"` runs one of them, on a smaller server, and only prints. A module offers
`async def measure(ground: Ground) -> list[Row]`; its reference runs beside it, alternating, in the same minutes.
"""
