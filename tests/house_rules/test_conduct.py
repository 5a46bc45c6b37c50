"""How the rooms behave: who commits, who asks the clock, how errors and relationships are declared."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from tenants.base import Base
from tests.house_rules.sources import BELOW_THE_DOORS, ROOMS, modules, python, text_of

# One request or one job is one transaction. These open and end it; everything else works inside.
EDGES = {"tenants/sessions.py", "tenants/connections.py"}

# The signed context expires by the clock of the machine that signs and checks it, not by the clock of the business.
CLOCKS = {"tenants/sessions.py", "tenants/provisioning.py", "tenants/migrating.py"}


def test_only_the_edge_commits_and_rolls_back() -> None:
    found = [
        f"{path}:{call.lineno} {name}"
        for path, call, name in _calls(*ROOMS)
        if name.rpartition(".")[2] in {"commit", "rollback"} and str(path) not in EDGES
    ]
    assert found == []


def test_rooms_below_the_doors_are_told_what_time_it_is() -> None:
    asked = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "func.now"}
    found = [
        f"{path}:{call.lineno} {name}"
        for path, call, name in _calls(*BELOW_THE_DOORS)
        if name in asked and str(path) not in CLOCKS
    ]
    assert found == []


def test_relationships_never_load_behind_the_back() -> None:
    modules()
    configure_mappers()
    relationships = [each for mapper in Base.registry.mappers for each in mapper.relationships]
    assert [str(each) for each in relationships if each.lazy != "raise"] == []


def test_columns_of_business_times_have_no_default_of_their_own() -> None:
    modules()
    found = [
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.type.python_type.__name__ == "datetime" and (column.default or column.server_default)
    ]
    assert found == []


def test_every_error_says_when_it_is_raised() -> None:
    silent = [
        f"{module.__name__}.{name}"
        for module in modules()
        for name, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Exception)
        and found.__module__ == module.__name__
        and not (found.__doc__ or "").startswith("Raised ")
    ]
    assert silent == []


def test_every_command_takes_its_arguments_and_has_a_main() -> None:
    for path, _ in python("src/anshou/commands"):
        if path.stem != "__init__":
            module = importlib.import_module(f"anshou.commands.{path.stem}")
            assert callable(module.arguments), path
            assert callable(module.main), path


def test_every_engine_hides_what_is_bound_and_makes_its_errors_discreet() -> None:
    """SQLAlchemy prints bind values into its errors and its echo unless told not to; the driver does so regardless."""
    makers = {"create_async_engine", "create_engine", "engine_from_config"}
    open_ones = [
        f"{path}:{call.lineno}"
        for path, tree in python(*ROOMS)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rpartition(".")[2] in makers
        and not (
            "hide_parameters=True" in [ast.unparse(word) for word in call.keywords]
            and '"handle_error", make_discreet' in (text_of(path) or "")
        )
    ]
    assert open_ones == []


def _calls(*folders: str) -> Iterator[tuple[Path, ast.Call, str]]:
    """Every call in the folders, with the dotted name that is called."""
    for path, tree in python(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                yield path, node, f"{owner.id if isinstance(owner, ast.Name) else '?'}.{node.func.attr}"


def test_a_month_is_closed_past_its_checklist_and_by_no_other_way() -> None:
    allowed = {"billing/ledger/periods.py", "src/anshou/finance/closing.py"}
    found = [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in python(*ROOMS)
        for node in ast.walk(tree)
        if "close_period" in (getattr(node, "name", ""), getattr(node, "attr", ""), getattr(node, "id", ""))
        and str(path) not in allowed
    ]
    assert found == []
