"""Whatever is done to a ticket, by whom and in whatever order: the process holds. Pure, so that it can walk far."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from anshou.tickets.advancing import advance, begin, is_open
from anshou.tickets.errors import MoveNotOpen
from anshou.tickets.kinds import Kind, Side, Status
from anshou.tickets.process import CLOSED, AnyMove
from anshou.tickets.processes import PROCESSES
from anshou.tickets.situation import Rules, Situation
from tests.tickets.samples import ANYTIME, NOW, variants


class LifeOfTickets(RuleBasedStateMachine):
    """One ticket, moved at random. `past` holds every situation it was in."""

    kind: Kind

    def __init__(self) -> None:
        super().__init__()
        self.rules = Rules(now=NOW)
        self.process = PROCESSES[self.kind]
        self.now = begin(self.process, self.rules)
        self.past: list[Situation] = [self.now]

    def open_moves(self) -> list[AnyMove]:
        return [move for move in self.process.moves if is_open(self.process, self.now, move, self.rules)]

    @precondition(lambda self: not self.now.held)
    @rule(data=st.data())
    def the_ordinary_course_goes_on(self, data: st.DataObject) -> None:
        self.make(data, [move for move in self.open_moves() if move.name not in ANYTIME] or self.open_moves())

    @rule(data=st.data())
    def somebody_does_anything(self, data: st.DataObject) -> None:
        self.make(data, self.open_moves())

    def make(self, data: st.DataObject, moves: list[AnyMove]) -> None:
        move = data.draw(st.sampled_from(moves), label="move")
        record = data.draw(st.sampled_from(variants(move.record, self.rules)), label="record")
        side = Side.MERCHANT if move.is_merchants else Side.AGENCY
        after = advance(self.process, self.now, move, record, by=side, rules=self.rules)
        self.check(move, after, side)
        self.now = after
        self.past.append(after)

    @rule(data=st.data())
    def somebody_tries_what_is_not_open(self, data: st.DataObject) -> None:
        shut = [move for move in self.process.moves if move not in self.open_moves()]
        move = data.draw(st.sampled_from(shut), label="move")
        record = data.draw(st.sampled_from(variants(move.record, self.rules)), label="record")
        with pytest.raises(MoveNotOpen):
            advance(self.process, self.now, move, record, by=Side.AGENCY, rules=self.rules)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.rules = replace(self.rules, now=self.rules.now + timedelta(days=days))

    def check(self, move: AnyMove, after: Situation, side: Side) -> None:
        """What holds between two situations."""
        assert after.round - self.now.round in (0, 1)
        if after.round > self.now.round:
            assert replace(after.facts, question_open=False) == after.facts.in_next_round()
        if after.step != self.now.step:
            assert after.step in {lead.to for lead in move.leads}
            assert after.arrived_on == self.rules.day_of(self.rules.now)
        if side is Side.MERCHANT:
            assert not after.held
        if move.additive and not move.leads:
            assert after.step == self.now.step
        if after.facts.measures_open < self.now.facts.measures_open and after.round == self.now.round:
            assert move.name in {"finish_measure", "submit_plan"}

    @invariant()
    def it_is_closed_exactly_if_it_has_an_outcome(self) -> None:
        closed = self.now.step == CLOSED
        assert closed == (self.now.outcome is not None) == (self.now.closed_at is not None)
        assert closed == (self.process.status(self.now) is Status.CLOSED)

    @invariant()
    def somebody_can_always_do_something(self) -> None:
        in_time = self.now.closed_at is None or (self.rules.now - self.now.closed_at).days < self.rules.reopen_days
        assert not in_time or {move.name for move in self.open_moves()} - {"link", "record_contact"}

    @invariant()
    def the_merchant_is_waited_for_exactly_while_the_status_says_so(self) -> None:
        awaited = self.process.status(self.now) is Status.AWAITING_CUSTOMER
        assert awaited == (self.now.awaiting_since is not None)

    @invariant()
    def counts_are_never_negative(self) -> None:
        assert self.now.facts.measures_open >= 0
        assert self.now.facts.obligations_open >= 0

    @invariant()
    def nothing_is_enforced_that_does_not_bind(self) -> None:
        if self.now.step == "enforcement":
            facts = self.now.facts
            assert facts.award or facts.signed == frozenset(Side)

    @invariant()
    def what_needs_a_department_has_one(self) -> None:
        if self.now.step in {"analysis", "planning", "plan_review", "execution", "recovery", "monitoring"}:
            assert self.now.facts.department is not None

    @precondition(lambda self: self.now.step == CLOSED)
    @invariant()
    def what_was_resolved_went_the_whole_way(self) -> None:
        if self.now.outcome == "resolved":
            before = next(each for each in reversed(self.past) if each.step != CLOSED)
            match self.kind:
                case Kind.SERVICE_QUALITY:
                    assert before.facts.visited
                case Kind.DATA_ANOMALY:
                    assert before.facts.result_confirmed
                case Kind.CONTRACT_DISPUTE:
                    assert before.facts.obligations_open == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_a_ticket_of_any_kind_lives_by_its_process(kind: Kind) -> None:
    machine = type("Life", (LifeOfTickets,), {"kind": kind})
    run_state_machine_as_test(machine, settings=settings(deadline=None, stateful_step_count=50, max_examples=60))
