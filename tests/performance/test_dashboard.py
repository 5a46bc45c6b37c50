"""The dashboard over a few tickets that went through real moves."""

from dataclasses import replace
from datetime import date, timedelta

from anshou.people.roles import Role
from anshou.performance.asking import NOTHING, Narrowed, Period
from anshou.performance.behind import behind, how_many
from anshou.performance.dashboard import dashboard
from anshou.performance.figures import Figure
from anshou.performance.months import fresh_months, measure_month
from anshou.performance.reading import whole
from anshou.performance.sight import sight_of
from anshou.tickets.kinds import Kind
from anshou.tickets.situation import SHANGHAI
from tests.tickets.desk import Desk

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), SHANGHAI)


async def test_each_figure_is_as_long_as_the_list_behind_it(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept", message="已收到，正在核实。")
    await desk.act(cast.owner, "withdraw")
    await desk.act(cast.owner, "reopen")
    desk.now += timedelta(hours=1)
    await desk.open(Kind.DATA_ANOMALY, cast.owner)
    await desk.act_as(cast.executive.context())
    sight = await sight_of(desk.session, cast.executive)
    for by in sight.dimensions:
        found = await dashboard(desk.session, sight, NOVEMBER, NOTHING, by=by)
        assert (found.period[Figure.OPENED], found.period[Figure.CLOSED], found.period[Figure.BACKLOG]) == (2, 1, 2)
        assert found.before[Figure.OPENED] == 0
        for figure in Figure:
            asked = (desk.session, sight, figure, NOVEMBER, NOTHING)
            listed = await behind(*asked, repeat_days=30)
            assert len(listed) == await how_many(*asked, repeat_days=30)
            if figure is not Figure.COSTED:
                assert len(listed) == found.period[figure], figure
        assert sum(line[Figure.OPENED] for _, line in found.lines) == 2
        assert sum(step[Figure.OPENED] for _, step in found.steps) == 2


async def test_nobody_is_told_of_a_person_whose_measures_they_may_not_see(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "claim")
    # Finance sees measures of the whole agency, and who works on tickets besides sees their own.
    checks = replace(cast.finance, roles=cast.finance.roles | {Role.SERVICE_AGENT})
    await desk.act_as(checks.context())
    sight = await sight_of(desk.session, checks)
    assert (sight.whole, sight.sees(checks.id), sight.sees(cast.specialist.id)) == (True, True, False)
    asked = Narrowed(person=cast.specialist.id)
    for is_kept in (False, True):
        if is_kept:
            await measure_month(desk.session, NOVEMBER.first, at=desk.now)
        assert bool(await fresh_months(desk.session, NOVEMBER)) is is_kept
        # Drawn by days, which are not kept, and by months.
        for period in (NOVEMBER, Period(date(2026, 1, 1), NOVEMBER.last, SHANGHAI)):
            for by in sight.dimensions:
                found = await dashboard(desk.session, sight, period, asked, by=by)
                assert (found.period[Figure.OPENED], found.lines) == (0, []), (is_kept, period, by)
            assert (await whole(desk.session, sight, period, asked, repeat_days=30))[Figure.OPENED] == 0
