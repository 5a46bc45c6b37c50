"""Old messages meet new actors: a job written by the release before is worked off by this one."""

import msgspec

from anshou.worker.actors import ACTORS, SCHEDULES

TIDINGS = ("ticket", "merchant", "entry", "event", "person", "department")

# Every name under which rows of control.job may wait, and the fields that their payloads may have. Add to it; a name
# leaves only once no row can carry it any more, and a field never changes its meaning.
FROZEN = {
    "api.forget_old_answers": (),
    "audit.mail_checkpoint": (),
    "keys.destroy": ("destruction",),
    "keys.reseal": ("owner", "version"),
    "keys.reseal_files": ("owner", "version"),
    "keys.sweep_files": (),
    "people.forget_old_notices": (),
    "performance.measure": (),
    "people.forget_old_sign_ins": (),
    "people.send_letter": ("letter", "attempt"),
    "people.send_digest": ("account", "due_at", "attempt"),
    "privacy.begin_due_returns": (),
    "privacy.look_for_decoys": ("table", "rows", "touch", "account", "at"),
    "privacy.raise_limit_alarm": ("account", "shown", "at"),
    "privacy.remind_of_objection": ("objection",),
    "privacy.begin_requested_erasure": ("request", "by"),
    "privacy.erase": ("run", "batch"),
    "privacy.erase_due": (),
    "privacy.tell_owners": ("source", "event", "subject", "number", "merchant"),
    "privacy.tell_person": ("source", "event", "subject", "number", "person"),
    "privacy.tell_roles": ("source", "event", "subject", "number", "roles"),
    "tickets.ask_rating": TIDINGS,
    "finance.attribute_costs": ("merchant", "ticket"),
    "finance.apply_rules": ("since", "merchant"),
    "finance.mind_statements": (),
    "finance.reconcile": ("run",),
    "tickets.check_import": ("batch",),
    "tickets.import": ("batch",),
    "finance.watch_budgets": ("merchant", "item"),
    "tickets.seal_contents": ("ticket",),
    "tickets.recompute_clocks": ("cause", "after"),
    "tickets.take_in_published_years": (),
    "tickets.tell_department": TIDINGS,
    "tickets.tell_executive": TIDINGS,
    "tickets.tell_front_desk": TIDINGS,
    "tickets.tell_merchant": TIDINGS,
    "tickets.tell_person": TIDINGS,
    "tickets.tell_supervisor": TIDINGS,
    "tickets.tell_systems": ("ticket", "merchant", "entry"),
    "timers.fire": ("timer", "kind", "subject", "generation"),
    "webhooks.deliver": ("delivery_id", "attempt"),
    "robots.speak": ("robot",),
    "mail.take_in": ("generation",),
    "mail.answer_sender": ("mail",),
}


def test_no_actor_was_renamed_and_every_new_one_is_written_down() -> None:
    assert {actor.name for actor in ACTORS} == set(FROZEN)


def test_payloads_of_waiting_jobs_can_still_be_read() -> None:
    for actor in ACTORS:
        fields = {field.name: field for field in msgspec.structs.fields(actor.payload)}
        assert set(FROZEN[actor.name]) <= set(fields), actor.name
        added = set(fields) - set(FROZEN[actor.name])
        assert all(not fields[name].required for name in added), actor.name


def test_every_schedule_wakes_an_actor_that_exists() -> None:
    assert {schedule.actor for schedule in SCHEDULES} <= set(FROZEN)
