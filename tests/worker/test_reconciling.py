"""A large desk is matched by the worker, which says how far it is; a refusal is told on the desk."""

from datetime import date

import pytest

from anshou.finance import match_runs
from anshou.finance.bench import Desk
from anshou.finance.errors import RunGoing
from anshou.finance.match_runs import latest_run, note_refusal, run_desk
from anshou.finance.reconciling import set_match_rule
from anshou.people.person import Person
from anshou.worker.actors import ACTORS
from billing.ledger.drafts import Draft
from billing.ledger.posting import post_all
from billing.ledger.uses import AccountUse
from billing.reconciliation.batches import Arrival, Arrived, import_lines
from billing.reconciliation.errors import LineTaken
from billing.reconciliation.proof import Tally, prove
from billing.reconciliation.rules import MatchRule
from billing.reconciliation.runs import MatchRun, Step
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.ledger.books import credit, debit
from tests.cast import NOW, settle
from tests.database import Database
from tests.worker.workshop import Ledger, plan, until, working

DESK = Desk("bank", "基本户", date(2026, 11, 1))
DAY = date(2026, 11, 20)


async def filled(tenants: Tenants, tenant: Tenant, lines: int) -> Person:
    """Lines of a bank's bill, each with its entry in the books."""
    async with tenants.session(tenant, AGENCY) as session:
        finance = (await settle(session)).finance
        arrived = tuple(Arrived(number=each, booked_on=DAY, fen=100 + each) for each in range(lines))
        arrival = Arrival(sha256=bytes(32), name="流水.csv", source=DESK.source, account=DESK.account, lines=arrived)
        await import_lines(session, arrival, by=finance.id, at=NOW)
        drafts = {
            f"line:{line.number}": Draft(
                booked_on=DAY,
                summary="收款",
                source="test",
                postings=(debit(AccountUse.BANK, line.fen), credit(AccountUse.SERVICE_REVENUE, line.fen)),
            )
            for line in arrived
        }
        await post_all(session, drafts, by=finance.id, at=NOW)
        rule = MatchRule(source=DESK.source, against="ledger")
        await set_match_rule(session, rule, write_off_fen=0, by=finance, at=NOW)
    return finance


async def test_a_large_desk_is_matched_by_a_job_and_a_small_one_at_once(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_runs, "MOST_AT_ONCE", 20)
    finance = await filled(tenants, tenant, 30)
    async with tenants.session(tenant, AGENCY) as session:
        asked = await run_desk(session, DESK, by=finance, at=NOW)
        assert isinstance(asked, MatchRun)
        with pytest.raises(RunGoing):
            await run_desk(session, DESK, by=finance, at=NOW)

    async def done() -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            run = await latest_run(session, DESK, by=finance)
            return run is not None and run.step is Step.DONE

    async with working(plan(database, ACTORS)):
        await until(done)
    async with tenants.session(tenant, AGENCY) as session:
        run = await latest_run(session, DESK, by=finance)
        assert run is not None
        assert (run.found, run.stored, run.per_cent) == (30, 30, 100)
        proof = await prove(session, source=DESK.source, account=DESK.account, month=DESK.month)
        assert proof.matched == Tally(30, sum(range(100, 130)))
        # Nothing is left, so the next run is a small one.
        again = await run_desk(session, DESK, by=finance, at=NOW)
        assert not isinstance(again, MatchRun)


async def test_a_run_that_was_refused_says_why_and_another_may_be_asked_for(
    tenants: Tenants, tenant: Tenant, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_runs, "MOST_AT_ONCE", 2)
    finance = await filled(tenants, tenant, 3)
    async with tenants.session(tenant, AGENCY) as session:
        asked = await run_desk(session, DESK, by=finance, at=NOW)
        assert isinstance(asked, MatchRun)
        await note_refusal(session, asked.id, LineTaken(), at=NOW)
        run = await latest_run(session, DESK, by=finance)
        assert run is not None
        assert (run.step, run.refusal) == (Step.REFUSED, LineTaken().text(str))
        assert isinstance(await run_desk(session, DESK, by=finance, at=NOW), MatchRun)
