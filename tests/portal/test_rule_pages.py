"""归属规则 in the portal: read, tried on the last months, adopted; a contract's draft tried before it is in force."""

from datetime import date
from typing import Any

from litestar import Litestar
from sqlalchemy import text

from anshou.finance.ruling import RuleDraft
from anshou.portal.forms.prefilled import prefilled
from billing.parties import Party
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.finance.test_rules_applied import with_clause
from tests.finance.test_what_if import halved
from tests.portal.test_cost_pages import allocated
from tests.portal.visitor import Visitor

NEW = "/attribution-rules/new"


def typed(draft: RuleDraft, **changes: str) -> dict[str, Any]:
    """What somebody would have typed into the form to propose this."""
    return {**prefilled(draft).values, **changes}


def halving() -> RuleDraft:
    """What the platform causes is shared between agency and merchant."""
    return RuleDraft(valid_from=date(2026, 1, 1), clauses=with_clause(halved(Party.PLATFORM, "G-9")))


async def test_a_general_rule_is_tried_and_adopted_from_the_same_page(
    manager: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    await allocated(manager, app, anhe, tenants, tenant)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/attribution-rules")
        assert finance.says("标准规则")
        assert finance.says("还没有修订过")
        await finance.go(NEW)
        assert finance.value_of("clauses[0].number").startswith("G-")
        given = typed(halving(), since="2026-11", last="2026-11")
        await finance.send(NEW, **given, then="try")
        for shown in ("试算结果", "云杉户外", "物料：软件授权", "+¥214.40", "428.80", "G-9"):
            assert finance.says(shown), shown
        async with tenants.session(tenant, AGENCY) as session:
            assert (await session.scalars(text("SELECT count(*) FROM general_rule"))).one() == 0
        await finance.send(NEW, **given, then="adopt")
        assert finance.says("一般规则第 1 版已采用"), finance.text
        assert finance.says("现行")
        assert finance.says("方萍")


async def test_what_does_not_add_up_is_refused_with_everything_typed_kept(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("finance")
    given = typed(halving())
    (share,) = [name for name, value in given.items() if name.endswith("shares[0].basis_points") and "50" in value]
    await visitor.send(NEW, **{**given, share: "40"}, then="adopt")
    assert visitor.status == 422
    assert visitor.says("各方比例之和须为 100%，现为 90%")
    assert "G-9" in visitor.text


async def test_without_drafts_the_trial_says_what_to_do(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("admin")
    await visitor.go("/attribution-rules/trial")
    assert visitor.says("没有合同草稿")


async def test_only_those_who_set_the_rules_come_here(app: Litestar, anhe: Anhe) -> None:
    for login, status in (("manager", 403), ("supervisor", 403), ("auditor", 403), ("yunshan-owner", 404)):
        async with Visitor(app) as visitor:
            await visitor.sign_in(login)
            for page in ("/attribution-rules", NEW, "/attribution-rules/trial"):
                await visitor.go(page)
                assert visitor.status in {status, 403}, (login, page)
