"""django-helpdesk: process CPU and wall milliseconds of one ticket page and of the list, as its staff see them."""

import argparse
import json
import statistics
import sys
import time
import types

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


def configure(database: dict[str, str]) -> None:
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


def fill(tickets: int, follow_ups: int):
    """One queue with `tickets` tickets and `follow_ups` entries on each."""
    from django.contrib.auth import get_user_model
    from helpdesk.models import FollowUp, Queue, Ticket

    user = get_user_model().objects.create_superuser("staff", "staff@example.invalid", "bench")
    queue = Queue.objects.create(title="After-sales", slug="fw")
    Ticket.objects.bulk_create(
        [
            Ticket(
                queue=queue, title=f"详情页与确认稿不符 {n}", description="首屏图片与确认稿不一致。", assigned_to=user
            )
            for n in range(tickets)
        ],
        batch_size=2000,
    )
    rows = Ticket.objects.order_by("id")
    FollowUp.objects.bulk_create(
        [
            FollowUp(ticket=ticket, title="回复", comment="已联系美工核对，今天内换回确认稿。", public=True, user=user)
            for ticket in rows
            for _ in range(follow_ups)
        ],
        batch_size=4000,
    )
    return user, rows[tickets // 2].id


def measure(client, url: str, repeats: int) -> dict[str, float]:
    """Median process CPU and wall milliseconds of a page that must answer 200."""
    cpu, wall = [], []
    for turn in range(repeats + 5):
        cpu_started, wall_started = time.process_time(), time.perf_counter()
        response = client.get(url)
        body = response.content
        if response.status_code != 200 or not body:
            raise SystemExit(f"{url} answered {response.status_code}")
        if turn >= 5:
            cpu.append((time.process_time() - cpu_started) * 1000)
            wall.append((time.perf_counter() - wall_started) * 1000)
    return {"cpu_ms": statistics.median(cpu), "wall_ms": statistics.median(wall)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("dsn")
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--follow-ups", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=40)
    asked = parser.parse_args()
    configure(dict(part.split("=", 1) for part in asked.dsn.split()))
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    user, ticket = fill(asked.tickets, asked.follow_ups)
    client = Client()
    client.force_login(user)
    print(
        json.dumps(
            {
                "ticket_page": measure(client, f"/helpdesk/tickets/{ticket}/", asked.repeats),
                "list_shell": measure(client, "/helpdesk/tickets/", asked.repeats),
                "tickets": asked.tickets,
                "follow_ups": asked.follow_ups,
            }
        )
    )


if __name__ == "__main__":
    main()
