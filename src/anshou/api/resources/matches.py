"""Reconciliation of an account's month: both sides, what is matched by itself or by hand, explained, undone."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.document import PREFIX
from anshou.api.errors import ParameterInvalid
from anshou.api.months import Month, first_day
from anshou.api.queries import Query
from anshou.api.resources.bills import Account, ProofShown, Source, proof_shown
from anshou.api.routing import get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.finance import matches, reconciling
from anshou.finance.bench import read_bench
from billing.ledger.periods import month_after
from billing.ledger.uses import AccountUse
from billing.reconciliation.claims import LineMatch
from billing.reconciliation.dividing import Part
from billing.reconciliation.lines import Line
from billing.reconciliation.stages import Stage
from tenants.refusals import N_

Lines = Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=500, title=N_("对账行"))]
Why = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S", title=N_("理由"))]
Fen = Annotated[int, Meta(ge=-(10**12), le=10**12, title=N_("金额，分"))]


class DeskQuery(Query, frozen=True, kw_only=True):
    """Whose month: all three are needed."""

    source: Annotated[str, Meta(max_length=60, title=N_("账单来源"))] = ""
    account: Annotated[str, Meta(max_length=60, title=N_("账户"))] = ""
    month: Month | None = None


class DeskNamed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A month of one account of one source."""

    source: Source
    account: Account
    month: Month


class LineShown(Struct, frozen=True, kw_only=True):
    """A line of either side; money in is positive on both."""

    id: UUID
    source: Source
    booked_on: Annotated[date, Meta(title=N_("日期"))]
    fen: Annotated[int, Meta(title=N_("金额，分"))]
    currency: Annotated[str, Meta(title=N_("币种"))]
    references: Annotated[tuple[str, ...], Meta(title=N_("单号"))]
    counterparty: Annotated[str, Meta(title=N_("对方"))]
    text: Annotated[str, Meta(title=N_("摘要"))]


class Offered(Struct, frozen=True, kw_only=True):
    """Lines that may belong together, and why."""

    stage: Annotated[Stage, Meta(title=N_("阶段"))]
    score: Annotated[int, Meta(title=N_("得分"))]
    reason: Annotated[str, Meta(title=N_("理由"))]
    fen: Annotated[int, Meta(title=N_("差额，分"))]
    external: Annotated[tuple[UUID, ...], Meta(title=N_("对方账单的行"))]
    internal: Annotated[tuple[UUID, ...], Meta(title=N_("我方账面的行"))]


class MatchShown(Struct, frozen=True, kw_only=True):
    """A match that stands; `fen` is external less internal."""

    id: UUID
    stage: Annotated[Stage, Meta(title=N_("阶段"))]
    is_automatic: Annotated[bool, Meta(title=N_("是否自动勾对"))]
    score: Annotated[int, Meta(title=N_("得分"))]
    lines: Annotated[int, Meta(title=N_("行数"))]
    fen: Annotated[int, Meta(title=N_("差额，分"))]
    currency: Annotated[str, Meta(title=N_("币种"))]
    booked_on: Annotated[date, Meta(title=N_("日期"))]
    note: Annotated[str, Meta(title=N_("说明"))]


class MatchWhole(MatchShown, frozen=True, kw_only=True):
    """A match with its lines; `voucher` is that of the write-off, `most_fen` what may be written off."""

    external: Annotated[list[UUID], Meta(title=N_("对方账单的行"))]
    internal: Annotated[list[UUID], Meta(title=N_("我方账面的行"))]
    is_undone: Annotated[bool, Meta(title=N_("是否已撤销"))]
    voucher: Annotated[UUID | None, Meta(title=N_("核销凭证"))]
    most_fen: Annotated[int, Meta(title=N_("最多可核销，分"))]


class Desk(Struct, frozen=True, kw_only=True):
    """Both sides of a month: what is open, what is offered, what was matched last."""

    proof: Annotated[ProofShown, Meta(title=N_("核对结果"))]
    external: Annotated[list[LineShown], Meta(title=N_("对方账单的行"))]
    internal: Annotated[list[LineShown], Meta(title=N_("我方账面的行"))]
    offered: Annotated[list[Offered], Meta(title=N_("建议"))]
    matches: Annotated[list[MatchShown], Meta(title=N_("最近的勾对"))]


class Run(Struct, frozen=True, kw_only=True):
    """What a run of the rules did."""

    matched: Annotated[tuple[UUID, ...], Meta(title=N_("勾对"))]
    offered: Annotated[int, Meta(title=N_("建议数"))]


class MatchMade(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines of both sides that belong together, or with `explains` those of one that the books have nothing for."""

    lines: Lines
    explains: Annotated[bool, Meta(title=N_("是否仅作说明"))] = False
    note: Annotated[str, Meta(max_length=500, title=N_("说明"))] = ""


class Undoing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a match is undone."""

    reason: Why


class WriteOff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The account that the difference goes to, by its code."""

    account: Annotated[str, Meta(min_length=1, max_length=40, title=N_("科目代码"))]


class PartGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of several lines that stand in the place of one."""

    fen: Fen
    text: Annotated[str, Meta(max_length=200, title=N_("摘要"))] = ""


class Division(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Into what a line is divided: parts that come to the same."""

    parts: Annotated[tuple[PartGiven, ...], Meta(min_length=2, max_length=50, title=N_("拆分"))]


class Merging(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines of a bill that are one movement."""

    lines: Lines


@get("/reconciliation", summary=N_("读取对账工作台"), operation_id="readReconciliation", query=DeskQuery)
async def read_desk(asked: NamedDependency[DeskQuery], visit: Visiting) -> Desk:
    missing = {name: N_("请填写") for name in ("source", "account", "month") if not getattr(asked, name)}
    if asked.month is None or missing:
        raise ParameterInvalid(missing)
    bench = await read_bench(visit.session, asked.source, asked.account, first_day(asked.month), by=visit.person)
    return Desk(
        proof=proof_shown(bench.proof),
        external=[shown(LineShown, one) for one in bench.external],
        internal=[shown(LineShown, one) for one in bench.internal],
        offered=[shown(Offered, one, reason=str(one.reason)) for one in bench.suggestions],
        matches=[shown(MatchShown, one) for one in bench.matches],
    )


@post("/reconciliation/runs", summary=N_("自动对账"), operation_id="reconcile")
async def run(data: JSONBody[DeskNamed], visit: Visiting) -> Run:
    first = first_day(data.month)
    done = await reconciling.reconcile(
        visit.session,
        data.source,
        first=first,
        last=month_after(first) - timedelta(days=1),
        by=visit.person,
        at=visit.at,
        account=data.account,
    )
    return Run(matched=done.matched, offered=len(done.suggestions))


@post(
    "/matches",
    summary=N_("勾对或说明"),
    operation_id="match",
    opt={"answers_with": {"Location": N_("勾对的位置")}},
)
async def match(data: JSONBody[MatchMade], visit: Visiting) -> Response[MatchWhole]:
    if data.explains:
        found = await reconciling.explain(visit.session, data.lines, why=data.note, by=visit.person, at=visit.at)
    else:
        found = await reconciling.match_by_hand(visit.session, data.lines, note=data.note, by=visit.person, at=visit.at)
    return made(await _read(visit, found), f"{PREFIX}/matches/{found}")


@get("/matches/{match_id:uuid}", summary=N_("读取勾对"), operation_id="readMatch")
async def read_match(match_id: FromPath[UUID], visit: Visiting) -> MatchWhole:
    return await _read(visit, match_id)


@post("/matches/{match_id:uuid}/undo", summary=N_("撤销勾对"), operation_id="undoMatch", status_code=200)
async def undo(match_id: FromPath[UUID], data: JSONBody[Undoing], visit: Visiting) -> MatchWhole:
    await reconciling.undo(visit.session, match_id, reason=data.reason, by=visit.person, at=visit.at)
    return await _read(visit, match_id)


@post("/matches/{match_id:uuid}/write-off", summary=N_("核销差额"), operation_id="writeOff", status_code=200)
async def write_off(match_id: FromPath[UUID], data: JSONBody[WriteOff], visit: Visiting) -> MatchWhole:
    account = next((use for use in AccountUse if use.value == data.account), data.account)
    await reconciling.write_off(visit.session, match_id, account=account, by=visit.person, at=visit.at)
    return await _read(visit, match_id)


@post("/bill-lines/{line_id:uuid}/division", summary=N_("拆分对账行"), operation_id="divideLine", status_code=200)
async def divide(line_id: FromPath[UUID], data: JSONBody[Division], visit: Visiting) -> Listing[LineShown]:
    parts = [Part(fen=one.fen, text=one.text) for one in data.parts]
    lines = await reconciling.split(visit.session, line_id, parts, by=visit.person, at=visit.at)
    return Listing(items=[_line(one.as_line()) for one in lines])


@post("/bill-lines/merging", summary=N_("合并对账行"), operation_id="mergeLines", status_code=200)
async def merge(data: JSONBody[Merging], visit: Visiting) -> LineShown:
    merged = await reconciling.merge(visit.session, data.lines, by=visit.person, at=visit.at)
    return _line(merged.as_line())


async def _read(visit: ApiVisit, match_id: UUID) -> MatchWhole:
    whole = await matches.read_match(visit.session, match_id, by=visit.person)
    found: LineMatch = whole.match
    return shown(
        MatchWhole,
        found,
        external=[one.id for one in whole.external],
        internal=[one.id for one in whole.internal],
        is_undone=whole.undo is not None,
        voucher=whole.voucher.id if whole.voucher else None,
        most_fen=whole.most_fen,
    )


def _line(line: Line) -> LineShown:
    return shown(LineShown, line)


router = Router(
    "/",
    tags=[N_("对账")],
    route_handlers=[read_desk, run, match, read_match, undo, write_off, divide, merge],
)
