"""django-tenants: milliseconds to create a tenant, to apply one migration, and to find that nothing is to be done.

The application has as many tables and columns as are asked for, so that the peer creates what we create.
"""

import argparse
import importlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

TWELVE_COLUMNS = """
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.TextField(default="")
    state = models.CharField(max_length=20, default="open")
    amount = models.BigIntegerField(default=0)
    share = models.IntegerField(default=0)
    urgent = models.BooleanField(default=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True)
    owner = models.BigIntegerField(null=True)
"""


def write_project(folder: Path, tables: int) -> None:
    """A project with one shared and one tenant application of `tables` models with twelve columns each."""
    for app in ("shared_app", "tenant_app"):
        (folder / app / "migrations").mkdir(parents=True)
        (folder / app / "__init__.py").touch()
        (folder / app / "migrations" / "__init__.py").touch()
    (folder / "shared_app" / "models.py").write_text(
        "from django.db import models\n"
        "from django_tenants.models import DomainMixin, TenantMixin\n"
        "class Client(TenantMixin):\n"
        "    name = models.CharField(max_length=100)\n"
        "    auto_create_schema = True\n"
        "class Domain(DomainMixin):\n"
        "    pass\n"
    )
    models = ["from django.db import models\n"]
    for n in range(tables):
        parent = f"    parent = models.ForeignKey('Thing{n - 1}', models.CASCADE, null=True)\n" if n else ""
        indexes = "    class Meta:\n        indexes = [models.Index(fields=['state', 'opened_at'])]\n"
        models.append(f"class Thing{n}(models.Model):{TWELVE_COLUMNS}{parent}{indexes}")
    (folder / "tenant_app" / "models.py").write_text("\n".join(models))


def configure(database: dict[str, str]) -> None:
    """Point Django at the project just written and at the database given."""
    from django.conf import settings

    shared = ["django_tenants", "shared_app", "django.contrib.contenttypes"]
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django_tenants.postgresql_backend",
                "NAME": database["dbname"],
                "HOST": database["host"],
                "PORT": database.get("port", ""),
                "USER": database["user"],
            }
        },
        DATABASE_ROUTERS=["django_tenants.routers.TenantSyncRouter"],
        SHARED_APPS=shared,
        TENANT_APPS=["tenant_app"],
        INSTALLED_APPS=[*shared, "tenant_app"],
        TENANT_MODEL="shared_app.Client",
        TENANT_DOMAIN_MODEL="shared_app.Domain",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    import django

    django.setup()


def timed(call) -> float:
    """Wall milliseconds of one call."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("dsn")
    parser.add_argument("--tables", type=int, default=40)
    parser.add_argument("--tenants", type=int, default=5)
    asked = parser.parse_args()
    database = dict(part.split("=", 1) for part in asked.dsn.split())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, asked.tables)
        sys.path.insert(0, name)
        configure(database)
        from django.core.management import call_command

        call_command("makemigrations", "shared_app", "tenant_app", verbosity=0)
        call_command("migrate_schemas", shared=True, verbosity=0)
        client = importlib.import_module("shared_app.models").Client
        created = [
            timed(lambda n=n: client(schema_name=f"peer{n}", name=f"peer {n}").save(verbosity=0))
            for n in range(asked.tenants)
        ]
        (folder / "tenant_app" / "migrations" / "0002_one_column.py").write_text(
            "from django.db import migrations, models\n"
            "class Migration(migrations.Migration):\n"
            "    dependencies = [('tenant_app', '0001_initial')]\n"
            "    operations = [migrations.AddField('thing0', 'note', models.TextField(default=''))]\n"
        )
        importlib.invalidate_caches()
        migrated = timed(lambda: call_command("migrate_schemas", tenant=True, verbosity=0)) / asked.tenants
        nothing = timed(lambda: call_command("migrate_schemas", tenant=True, verbosity=0)) / asked.tenants
    print(
        json.dumps(
            {
                "create_ms": statistics.median(created),
                "migrate_ms_per_tenant": migrated,
                "nothing_to_do_ms_per_tenant": nothing,
                "tenants": asked.tenants,
                "tables": asked.tables,
            }
        )
    )


if __name__ == "__main__":
    main()
