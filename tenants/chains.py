"""The two chains of migrations and their revisions as SQL text.

Each revision is rendered to SQL once and then sent to the server as it is, a thousand times if need be; so a revision
can only say what SQL can say, and cannot look at the database first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of a chain, rendered."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of one chain in order; without branches, so that every tenant goes the same way."""

    revisions: tuple[Revision, ...]

    @classmethod
    def in_folder(cls, folder: Path) -> "Chain":
        """Read and render the revisions in `folder/versions`."""
        if not any((folder / "versions").glob("*.py")):
            return cls(())
        script = ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
        found = reversed(list(script.walk_revisions()))
        return cls(tuple(Revision(entry.revision, _render(entry.module.upgrade)) for entry in found))

    @property
    def head(self) -> str | None:
        return self.revisions[-1].name if self.revisions else None

    def after(self, revision: str | None) -> tuple[Revision, ...]:
        """The steps that follow `revision`; all of them after None. LookupError if the chain does not know it."""
        if revision is None:
            return self.revisions
        names = [step.name for step in self.revisions]
        if revision not in names:
            raise LookupError(f"unknown revision {revision!r}: was this database migrated by a newer version?")
        return self.revisions[names.index(revision) + 1 :]


def migrations_folder() -> Path:
    """`migrations/` of the checkout, or its copy inside the installed package."""
    checkout = Path(__file__).parents[1] / "migrations"
    if (checkout / "tenant").is_dir():
        return checkout
    package = find_spec("anshou")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("the migrations are neither in the checkout nor in the package")
    return Path(next(iter(package.submodule_search_locations))) / "_migrations"


@cache
def control_chain() -> Chain:
    return Chain.in_folder(migrations_folder() / "control")


@cache
def tenant_chain() -> Chain:
    return Chain.in_folder(migrations_folder() / "tenant")


def joined(revisions: Iterable[Revision], **roles: str) -> str:
    """The revisions as one string, with the placeholders `"{name}"` of logins filled in."""
    return fill_in("\n".join(step.sql for step in revisions), **roles)


def fill_in(sql: str, **roles: str) -> str:
    """Replace `"{name}"` by the login's name; the names are ours and need no escaping inside the quotes."""
    for name, role in roles.items():
        sql = sql.replace(f'"{{{name}}}"', f'"{role}"')
    return sql


def _render(upgrade: Callable[[], None]) -> str:
    # Named parameters, because the default style doubles every percent sign in the text.
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    text = StringIO()
    context = MigrationContext.configure(
        dialect=dialect, opts={"as_sql": True, "output_buffer": text, "literal_binds": True}
    )
    with Operations.context(context):
        upgrade()
    return text.getvalue()
