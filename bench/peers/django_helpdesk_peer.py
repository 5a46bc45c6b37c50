"""django-helpdesk: process CPU and wall milliseconds of its list, search and ticket page, as its staff see them.

`prepare` makes its tables, people and queues; the tickets come by COPY from elsewhere; `ask` asks.
"""

import argparse
import html
import json
import re
import statistics
import sys
import time
import types
from functools import partial
from urllib.parse import urlencode

READER = "reader"
LENGTH = 50

# Seconds for one statement of a page; whoever waits for it has gone by then.
PATIENCE = 60

APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "rest_framework",
    "helpdesk",
]


def configure(database: dict[str, str], patience: int) -> None:
    """A plain project around the help desk: one database, English, sessions and messages as its documents ask."""
    from django.conf import settings

    urls = types.ModuleType("peer_urls")
    sys.modules["peer_urls"] = urls
    settings.configure(
        SECRET_KEY="bench",  # noqa: S106
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database["dbname"],
                "HOST": database["host"],
                "PORT": database.get("port", ""),
                "USER": database["user"],
                "CONN_MAX_AGE": None,
                "OPTIONS": {"options": f"-c statement_timeout={patience}s"},
            }
        },
        INSTALLED_APPS=APPS,
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        ROOT_URLCONF="peer_urls",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        STATIC_URL="/static/",
        SITE_ID=1,
        HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_DEFAULT_SETTINGS={},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
    )
    import django

    django.setup()
    from django.contrib import admin
    from django.urls import include, path

    urls.urlpatterns = [path("helpdesk/", include("helpdesk.urls")), path("admin/", admin.site.urls)]


def prepare(people: int, queues: int) -> dict[str, int]:
    """The tables, one who reads, whoever tickets may be assigned to, and empty queues; the first id of the last two."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from helpdesk.models import Queue

    call_command("migrate", verbosity=0)
    user = get_user_model()
    user.objects.create_superuser(READER, "reader@example.invalid", "bench")
    made = [user.objects.create_user(f"person{n}", f"person{n}@example.invalid", is_staff=True) for n in range(people)]
    opened = [Queue.objects.create(title=f"Queue {n}", slug=f"q{n}") for n in range(queues)]
    return {"first_person": made[0].id, "first_queue": opened[0].id}


class GaveUp(Exception):
    """Raised when the database was still at one statement of a page when its time was over."""


class Pages:
    """The help desk's pages, as a browser of its staff asks for them."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        self._client = Client()
        self._client.force_login(get_user_model().objects.get(username=READER))

    def ticket(self, ticket: int) -> int:
        """A ticket's page."""
        self._get(f"/helpdesk/tickets/{ticket}/")
        return 1

    def listed(self, query: str = "") -> int:
        """The page of the list and the rows that its script then asks for; how many tickets it has."""
        shell = self._get(f"/helpdesk/tickets/{query}").decode()
        address = re.search(r'"(/helpdesk/datatables_ticket_list/[^"]+)"', shell)
        if address is None:
            raise SystemExit("the page of the list names no rows")
        rows = json.loads(self._get(f"{html.unescape(address[1])}?draw=1&start=0&length={LENGTH}"))
        if not query and not rows["data"]:
            raise SystemExit("the list is empty")
        return rows["recordsTotal"]

    def _get(self, url: str) -> bytes:
        from django.db.utils import OperationalError

        try:
            response = self._client.get(url)
        except OperationalError as refusal:
            raise GaveUp from refusal
        if response.status_code != 200 or not response.content:
            raise SystemExit(f"{url} answered {response.status_code}")
        return response.content


def measure(calls, repeats: int, seconds: float) -> dict[str, float]:
    """Median process CPU and wall milliseconds, the calls by turns; fewer turns where they take long."""
    cpu, wall, found, began = [], [], 0, time.perf_counter()
    try:
        for turn in range(repeats + len(calls)):
            cpu_started, wall_started = time.process_time(), time.perf_counter()
            found = max(found, calls[turn % len(calls)]())
            # Each has been asked once: templates are read, plans made, pages of the database in memory.
            if turn >= len(calls):
                cpu.append((time.process_time() - cpu_started) * 1000)
                wall.append((time.perf_counter() - wall_started) * 1000)
            if len(wall) >= 3 and time.perf_counter() - began > seconds:
                break
    except GaveUp:
        return {"gave_up": True}
    return {"cpu_ms": statistics.median(cpu), "wall_ms": statistics.median(wall), "turns": len(wall), "found": found}


def ask(asked: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Every page, one after another."""
    pages = Pages()
    searches = {
        name: [partial(pages.listed, f"?{urlencode({'q': word})}") for word in words]
        for name, words in (("common", asked.common), ("rare", asked.rare))
    }
    calls = {"list": [pages.listed], **searches, "ticket": [partial(pages.ticket, one) for one in asked.tickets]}
    return {name: measure(each, asked.repeats, asked.seconds) for name, each in calls.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("dsn")
    doing = parser.add_subparsers(dest="doing", required=True)
    preparing = doing.add_parser("prepare")
    preparing.add_argument("--people", type=int, required=True)
    preparing.add_argument("--queues", type=int, required=True)
    asking = doing.add_parser("ask")
    asking.add_argument("--tickets", type=int, nargs="+", required=True)
    asking.add_argument("--common", nargs="+", required=True)
    asking.add_argument("--rare", nargs="+", required=True)
    asking.add_argument("--repeats", type=int, required=True)
    asking.add_argument("--seconds", type=float, required=True)
    asked = parser.parse_args()
    patience = PATIENCE if asked.doing == "ask" else 0
    configure(dict(part.split("=", 1) for part in asked.dsn.split()), patience)
    sys.stdout.write(json.dumps(ask(asked) if asked.doing == "ask" else prepare(asked.people, asked.queues)))


if __name__ == "__main__":
    main()
