"""Addresses that come from outside and are gone to."""


def local_address(address: str) -> str:
    """The address if it leads into this portal, else the first page: nothing sent to us may lead people elsewhere."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if inside else "/"
