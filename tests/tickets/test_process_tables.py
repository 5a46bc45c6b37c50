"""The tables of the three processes: complete, consistent, and without a dead end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from anshou.people.permissions import MATRIX
from anshou.people.roles import MERCHANT_ROLES
from anshou.tickets.advancing import advance, begin, is_open
from anshou.tickets.kinds import EscalationLevel, Kind, Side, Status
from anshou.tickets.process import CLOSED, Actor, AnyMove, Process
from anshou.tickets.processes import PROCESSES, record_type
from anshou.tickets.situation import Rules, Situation
from anshou.tickets.writing import ENTRY_ONLY, WRITERS
from tenants.shapes import ShapeInvalid, accept
from tests.tickets.samples import NOW, sample, variants

RULES = Rules(now=NOW)
PROCESS = pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
EVERY_MOVE = [(process, move) for process in PROCESSES.values() for move in process.moves]
MOVE = pytest.mark.parametrize(
    ("process", "move"), EVERY_MOVE, ids=[f"{process.kind}-{move.name}" for process, move in EVERY_MOVE]
)

# domain.md section 2, the last column of its three tables.
POLICY = {
    Kind.SERVICE_QUALITY: [
        ("reported", Status.PENDING),
        ("accepted", Status.IN_PROGRESS),
        ("analysis", Status.IN_PROGRESS),
        ("planning", Status.IN_PROGRESS),
        ("plan_review", Status.IN_PROGRESS),
        ("plan_confirmation", Status.AWAITING_CUSTOMER),
        ("execution", Status.IN_PROGRESS),
        ("evaluation", Status.AWAITING_CUSTOMER),
        ("tracking", Status.DONE),
        ("closed", Status.CLOSED),
    ],
    Kind.DATA_ANOMALY: [
        ("detected", Status.PENDING),
        ("triage", Status.IN_PROGRESS),
        ("analysis", Status.IN_PROGRESS),
        ("planning", Status.IN_PROGRESS),
        ("plan_review", Status.IN_PROGRESS),
        ("recovery", Status.IN_PROGRESS),
        ("monitoring", Status.IN_PROGRESS),
        ("feedback", Status.AWAITING_CUSTOMER),
        ("closed", Status.CLOSED),
    ],
    Kind.CONTRACT_DISPUTE: [
        ("filed", Status.PENDING),
        ("investigation", Status.IN_PROGRESS),
        ("negotiation", Status.AWAITING_CUSTOMER),
        ("settlement", Status.AWAITING_CUSTOMER),
        ("external_resolution", Status.IN_PROGRESS),
        ("enforcement", Status.IN_PROGRESS),
        ("closed", Status.CLOSED),
    ],
}


@PROCESS
def test_the_steps_and_what_the_merchant_sees_are_the_policys(process: Process) -> None:
    assert [(step.name, step.status) for step in process.steps] == POLICY[process.kind]


@MOVE
def test_every_move_is_granted_to_a_role_on_its_side(process: Process, move: AnyMove) -> None:
    for actor, permission in move.by:
        roles = {role for role, granted in MATRIX.items() if permission in granted}
        mine = roles & MERCHANT_ROLES if actor is Actor.MERCHANT else roles - MERCHANT_ROLES
        assert mine, f"{process.kind}.{move.name}: nobody who is {actor} may {permission}"


@MOVE
def test_every_field_of_a_record_has_a_title_a_widget_and_an_audience(process: Process, move: AnyMove) -> None:
    info = msgspec.inspect.type_info(record_type(process.kind, move.name))
    assert isinstance(info, msgspec.inspect.StructType)
    for field in info.fields:
        meta = metadata(field.type)
        assert meta.extra is not None, field.name
        assert meta.extra_json_schema is not None, field.name
        assert meta.extra_json_schema["title"], field.name
        assert meta.extra.keys() >= {"widget", "audience"}, field.name


def metadata(kind: msgspec.inspect.Type) -> msgspec.inspect.Metadata:
    if isinstance(kind, msgspec.inspect.UnionType):
        return next(metadata(each) for each in kind.types if not isinstance(each, msgspec.inspect.NoneType))
    assert isinstance(kind, msgspec.inspect.Metadata), kind
    return kind


@MOVE
def test_a_record_without_a_required_field_is_refused(process: Process, move: AnyMove) -> None:
    whole = msgspec.to_builtins(sample(move.record))
    for field in msgspec.structs.fields(move.record):
        if field.required:
            rest = {name: value for name, value in whole.items() if name != field.encode_name}
            with pytest.raises(ShapeInvalid) as refused:
                accept(move.record, rest)
            assert list(refused.value.fields) == [field.encode_name]


@MOVE
def test_a_record_with_a_field_nobody_asked_for_is_refused(process: Process, move: AnyMove) -> None:
    with pytest.raises(ShapeInvalid):
        accept(move.record, {**msgspec.to_builtins(sample(move.record)), "step": "closed"})


@MOVE
def test_every_sample_is_a_valid_record_that_survives_json(process: Process, move: AnyMove) -> None:
    record = sample(move.record)
    assert record.faults(NOW) == {}
    assert msgspec.json.decode(msgspec.json.encode(record), type=move.record) == record


def anonymous(now: Situation) -> Situation:
    """The situation without its round and times, so that the reachable ones are finitely many."""
    return replace(now, round=1, awaiting_since=None, closed_at=None)


def reachable(process: Process, *, only: frozenset[str] | None = None) -> dict[Situation, set[Situation]]:
    """Every situation that can come about, with those that follow it at once; `only` narrows the moves."""
    start = anonymous(begin(process, RULES))
    graph: dict[Situation, set[Situation]] = {}
    todo = [start]
    while todo:
        now = todo.pop()
        if now in graph:
            continue
        graph[now] = set(successors(process, now, only))
        todo.extend(graph[now] - graph.keys())
    return graph


def successors(process: Process, now: Situation, only: frozenset[str] | None) -> Iterator[Situation]:
    timed = replace(now, closed_at=NOW if now.step == CLOSED else None)
    for move in process.moves_at(now.step):
        if (only is None or move.name in only) and is_open(process, timed, move, RULES):
            side = Side.MERCHANT if move.is_merchants else Side.AGENCY
            for record in variants(move.record, RULES):
                # Only where somebody judges does it matter who they are.
                for level in (None, *EscalationLevel) if record.judges() else (None,):
                    yield anonymous(advance(process, timed, move, record, by=side, rules=RULES, level=level))


def able_to_reach(graph: dict[Situation, set[Situation]], ends: set[Situation]) -> set[Situation]:
    before: dict[Situation, set[Situation]] = {}
    for now, nexts in graph.items():
        for then in nexts:
            before.setdefault(then, set()).add(now)
    found, todo = set(ends), list(ends)
    while todo:
        for earlier in before.get(todo.pop(), set()) - found:
            found.add(earlier)
            todo.append(earlier)
    return found


@PROCESS
def test_every_step_is_reached(process: Process) -> None:
    assert {now.step for now in reachable(process)} == {step.name for step in process.steps}


@PROCESS
def test_no_reachable_situation_is_a_dead_end(process: Process) -> None:
    """Closed is reachable from everywhere, and by the ordinary course: nobody has to withdraw, refuse or merge."""
    ways_out = frozenset({"withdraw", "refuse", "merge", "close_unanswered", "reopen", "claim", "link"})
    ordinary = frozenset(move.name for move in process.moves) - ways_out
    graph = reachable(process, only=ordinary)
    closed = {now for now in graph if now.step == CLOSED}
    assert closed
    assert set(graph) == able_to_reach(graph, closed)


@PROCESS
def test_every_move_can_be_made_in_some_situation(process: Process) -> None:
    late = replace(RULES, now=NOW + timedelta(days=RULES.answer_days))
    made = set()
    for now in reachable(process):
        timed = replace(now, closed_at=NOW, awaiting_since=NOW)
        made |= {move.name for move in process.moves if is_open(process, timed, move, late)}
    assert made == {move.name for move in process.moves}


def test_what_every_move_states_is_written_as_rows_or_stands_in_its_entry_alone() -> None:
    stated = {move.record for process in PROCESSES.values() for move in process.moves}
    assert stated == WRITERS.keys() | ENTRY_ONLY
    assert WRITERS.keys().isdisjoint(ENTRY_ONLY)
