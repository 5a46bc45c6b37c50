"""Whatever is drawn up, superseded and ended: versions never overlap, and the one found is the reference's."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import ContractVersion, find_contract_in_force
from anshou.merchants.drafting import ContractHead, Draft, add_draft, draw_up, end_version, put_in_force, supersede
from anshou.merchants.errors import VersionNotInForce, VersionsOverlap
from anshou.merchants.merchants import Profile, add_merchant
from anshou.people.roles import Role
from tenants.base import new_id
from tests.cast import NOW, TERMS, staff

DAY = timedelta(days=1)
START = date(2026, 1, 1)
days = st.integers(0, 60).map(lambda offset: START + offset * DAY)
periods = st.tuples(days, st.none() | st.integers(0, 25)).map(
    lambda drawn: (drawn[0], None if drawn[1] is None else drawn[0] + drawn[1] * DAY)
)
steps = st.lists(
    st.tuples(st.sampled_from(["enforce", "supersede", "end"]), periods, st.integers(0, 5)), min_size=1, max_size=12
)


def every_day() -> Iterator[date]:
    return (START + offset * DAY for offset in range(-2, 95))


def covered(version: ContractVersion, *, draft: bool = False) -> set[date]:
    """The slow reference: day by day, from the stored columns alone; a draft's days only if asked for."""
    if version.in_force_at is None and not draft:
        return set()
    ends = [day for day in (version.valid_until, version.ended_on) if day is not None]
    return {day for day in every_day() if day >= version.valid_from and all(day <= end for end in ends)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
async def test_versions_never_overlap_and_the_one_found_is_the_references(
    steps: list[tuple[str, tuple[date, date | None], int]], session: AsyncSession
) -> None:
    async with session.begin_nested() as example:
        admin = await staff(session, "许静", f"admin-{new_id()}", Role.AGENCY_ADMIN)
        merchant = await add_merchant(session, Profile(name=f"商家 {new_id()}"), by=admin, at=NOW)
        contract = await draw_up(session, merchant, ContractHead(number="1", title="合同"), by=admin, at=NOW)
        versions: list[ContractVersion] = []
        for verb, (first, last), which in steps:
            former = versions[which % len(versions)] if versions else None
            try:
                if verb == "end" and former is not None:
                    await end_version(session, former, first, "终止", by=admin, at=NOW)
                    continue
                wanted = Draft(valid_from=first, valid_until=last, terms=TERMS)
                version = await add_draft(session, contract, wanted, by=admin, at=NOW)
                versions.append(version)
                if verb == "supersede" and former is not None:
                    async with session.begin_nested():
                        await supersede(session, former, version, by=admin, at=NOW)
                else:
                    in_the_way = any(covered(version, draft=True) & covered(other) for other in versions)
                    try:
                        await put_in_force(session, version, by=admin, at=NOW)
                    except VersionsOverlap:
                        assert in_the_way
                    else:
                        assert not in_the_way
            except (VersionsOverlap, VersionNotInForce):
                pass
            for kept in versions:
                await session.refresh(kept)
        for one, other in combinations(versions, 2):
            assert not covered(one) & covered(other)
        for day in every_day():
            expected = next((version.id for version in versions if day in covered(version)), None)
            found = await find_contract_in_force(session, merchant.id, day)
            assert (found.id if found else None) == expected, day
        await example.rollback()
