"""Rows in databases that we do not reach carry the names of actors: a name may come, but none may go or change."""

from collections import Counter

import msgspec

from anshou.tickets import events
from anshou.worker.actors import ACTORS, SCHEDULES
from anshou.worker.health import CANARY

# Every name that a release has had, with the fields that its jobs carried. Lines are only ever added.
FROZEN = {
    "api.forget_old_answers": set(),
    "audit.mail_checkpoint": set(),
    "keys.destroy": {"destruction"},
    "keys.reseal": {"owner", "version"},
    "keys.reseal_files": {"owner", "version"},
    "keys.sweep_files": set(),
    "people.forget_old_notices": set(),
    "performance.measure": set(),
    "people.forget_old_sign_ins": set(),
    "people.send_letter": {"letter"},
    "people.send_digest": {"account", "due_at"},
    "privacy.begin_due_returns": set(),
    "privacy.look_for_decoys": {"table", "rows", "touch", "account", "at"},
    "privacy.raise_limit_alarm": {"account", "shown", "at"},
    "privacy.remind_of_objection": {"objection"},
    "privacy.begin_requested_erasure": {"request", "by"},
    "privacy.erase": {"run"},
    "privacy.erase_due": set(),
    "privacy.tell_owners": {"source", "event", "subject", "number", "merchant"},
    "privacy.tell_person": {"source", "event", "subject", "number", "person"},
    "privacy.tell_roles": {"source", "event", "subject", "number", "roles"},
    "tickets.ask_rating": {"ticket", "merchant", "entry", "event"},
    "finance.attribute_costs": {"merchant", "ticket"},
    "finance.apply_rules": {"since", "merchant"},
    "finance.mind_statements": set(),
    "finance.reconcile": {"run"},
    "tickets.check_import": {"batch"},
    "tickets.import": {"batch"},
    "finance.watch_budgets": {"merchant", "item"},
    "tickets.seal_contents": {"ticket"},
    "tickets.recompute_clocks": {"cause"},
    "tickets.take_in_published_years": set(),
    "tickets.tell_department": {"ticket", "merchant", "entry", "event", "department"},
    "tickets.tell_executive": {"ticket", "merchant", "entry", "event"},
    "tickets.tell_front_desk": {"ticket", "merchant", "entry", "event"},
    "tickets.tell_merchant": {"ticket", "merchant", "entry", "event"},
    "tickets.tell_person": {"ticket", "merchant", "entry", "event", "person"},
    "tickets.tell_supervisor": {"ticket", "merchant", "entry", "event"},
    "tickets.tell_systems": {"ticket", "merchant", "entry"},
    "timers.fire": {"timer", "kind", "subject", "generation"},
    "webhooks.deliver": {"delivery_id", "attempt"},
    "robots.speak": {"robot"},
    "mail.take_in": {"generation"},
    "mail.answer_sender": {"mail"},
}


def test_no_actor_is_renamed_or_taken_away() -> None:
    assert {actor.name for actor in ACTORS} == set(FROZEN)


def test_no_two_actors_have_one_name() -> None:
    names = Counter([*(actor.name for actor in ACTORS), CANARY])
    assert [name for name, times in names.items() if times > 1] == []


def test_old_jobs_meet_new_actors() -> None:
    unreadable = {
        actor.name: needed - FROZEN[actor.name]
        for actor in ACTORS
        if (needed := {field.encode_name for field in msgspec.structs.fields(actor.payload) if field.required})
        - FROZEN[actor.name]
    }
    assert unreadable == {}


def test_new_jobs_meet_old_actors() -> None:
    # While a version is rolled out, the one before it works off what the new one leaves.
    strict = [actor.name for actor in ACTORS if actor.payload.__struct_config__.forbid_unknown_fields]
    assert strict == []


def test_every_tiding_and_every_schedule_has_its_actor() -> None:
    names = {actor.name for actor in ACTORS}
    assert set(events.ACTORS) <= names
    assert {schedule.actor for schedule in SCHEDULES} <= names
