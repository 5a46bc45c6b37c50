"""Every table that declares sealed fields, for processes that have not come across all of them."""

import importlib
import pkgutil

# The rooms whose modules declare models. Reading one table's rows needs its own module only; whoever counts or seals
# anew what is in all of them needs all modules.
ROOMS = (
    "confidentiality",
    "billing",
    "anshou.people",
    "anshou.merchants",
    "anshou.tickets",
    "anshou.consumers",
    "anshou.privacy",
    "anshou.finance",
)


def know_all() -> None:
    """Import every module of these rooms, so that `all_sealed_models` and `all_file_sources` are complete."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            importlib.import_module(module.name)
