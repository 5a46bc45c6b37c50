"""What the processes write about themselves, to standard error."""

import logging
import sys

OWN = ("anshou", "tenants", "confidentiality", "billing")


def set_up_logs(level: str) -> None:
    """Our own rooms speak at `level`; libraries only when something is wrong.

    At finer levels libraries write down what passes through them: statements, addresses, headers.
    """
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())
