"""Reconciliation of an account's month: both sides, what is matched by itself or by hand, explained, undone."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, Page, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.errors import ParameterInvalid
from anshou.api.months import Month, first_day
from anshou.api.queries import Cursor, Query
from anshou.api.resources.bills import Account, ProofShown, Source, proof_shown
from anshou.api.routing import get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.finance import matches, reconciling
from anshou.finance.bench import PAGE, Desk, lines_page, read_bench, read_offers
from billing.ledger.periods import month_after
from billing.ledger.uses import AccountUse
from billing.reconciliation.claims import LineMatch
from billing.reconciliation.dividing import Part
from billing.reconciliation.lines import Line
from billing.reconciliation.open_pages import Order
from billing.reconciliation.stages import Stage
from tenants.labels import Labelled
from tenants.refusals import N_

Lines = Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=500, title=N_("对账行"))]
Why = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S", title=N_("理由"))]
Fen = Annotated[int, Meta(ge=-(10**12), le=10**12, title=N_("金额，分"))]


class DeskQuery(Query, frozen=True, kw_only=True):
    """Whose month: all three are needed."""

    source: Annotated[str, Meta(max_length=60, title=N_("账单来源"))] = ""
    account: Annotated[str, Meta(max_length=60, title=N_("账户"))] = ""
    month: Month | None = None


class SideNamed(Labelled):
    """A side of the desk."""

    EXTERNAL = "external", N_("对方账单")
    INTERNAL = "internal", N_("我方账面")


class LineQuery(DeskQuery, frozen=True, kw_only=True):
    """Which side's open lines, a hundred at a time."""

    side: Annotated[SideNamed, Meta(title=N_("哪一侧"))] = SideNamed.EXTERNAL
    words: Annotated[str, Meta(max_length=200, title=N_("搜索金额、单号或文字"))] = ""
    order: Annotated[Order, Meta(title=N_("排序"))] = Order.DAY
    after: Cursor | None = None


class DeskNamed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A month of one account of one source."""

    source: Source
    account: Account
    month: Month


class SideLineShown(Struct, frozen=True, kw_only=True):
    """A line of either side; money in is positive on both."""

    id: UUID
    booked_on: Annotated[date, Meta(title=N_("日期"))]
    fen: Annotated[int, Meta(title=N_("金额，分"))]
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
    is_automatic: Annotated[bool, Meta(title=N_("是否自动匹配"))]
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


class DeskShown(Struct, frozen=True, kw_only=True):
    """How a month stands: how many lines are open, and what was matched last."""

    proof: Annotated[ProofShown, Meta(title=N_("核对结果"))]
    external: Annotated[int, Meta(title=N_("对方账单未匹配的行数"))]
    internal: Annotated[int, Meta(title=N_("我方账面未匹配的行数"))]
    matches: Annotated[list[MatchShown], Meta(title=N_("最近的匹配"))]


class Run(Struct, frozen=True, kw_only=True):
    """What a run of the rules did."""

    matched: Annotated[tuple[UUID, ...], Meta(title=N_("匹配"))]
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
async def read_desk(asked: NamedDependency[DeskQuery], visit: Visiting) -> DeskShown:
    bench = await read_bench(visit.session, _desk(asked), by=visit.person)
    return DeskShown(
        proof=proof_shown(bench.proof),
        external=bench.external.count,
        internal=bench.internal.count,
        matches=[shown(MatchShown, one) for one in bench.matches],
    )


@get("/reconciliation/lines", summary=N_("列出未匹配的行"), operation_id="listOpenLines", query=LineQuery)
async def list_lines(asked: NamedDependency[LineQuery], visit: Visiting) -> Page[SideLineShown]:
    narrowed = [asked.source, asked.account, asked.month, asked.side.value, asked.words, asked.order.value]
    found = await lines_page(
        visit.session,
        _desk(asked),
        asked.side.value,
        words=asked.words,
        order=asked.order,
        after=unpack(asked.after, "open_lines", narrowed, str) if asked.after else "",
        by=visit.person,
    )
    following = pack("open_lines", narrowed, found[-1].place) if len(found) == PAGE else None
    return Page(items=[shown(SideLineShown, one, references=tuple(one.refs)) for one in found], next=following)


@get("/reconciliation/offers", summary=N_("列出匹配建议"), operation_id="listOffers", query=DeskQuery)
async def list_offers(asked: NamedDependency[DeskQuery], visit: Visiting) -> Listing[Offered]:
    offers = await read_offers(visit.session, _desk(asked), by=visit.person)
    return Listing(items=[shown(Offered, one, reason=str(one.reason)) for one in offers.suggestions])


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
    summary=N_("匹配或说明"),
    operation_id="match",
    opt={"answers_with": {"Location": N_("匹配的位置")}},
)
async def match(data: JSONBody[MatchMade], visit: Visiting) -> Response[MatchWhole]:
    if data.explains:
        found = await reconciling.explain(visit.session, data.lines, why=data.note, by=visit.person, at=visit.at)
    else:
        found = await reconciling.match_by_hand(visit.session, data.lines, note=data.note, by=visit.person, at=visit.at)
    return made(await _read(visit, found), f"{PREFIX}/matches/{found}")


@get("/matches/{match_id:uuid}", summary=N_("读取匹配"), operation_id="readMatch")
async def read_match(match_id: FromPath[UUID], visit: Visiting) -> MatchWhole:
    return await _read(visit, match_id)


@post("/matches/{match_id:uuid}/undo", summary=N_("撤销匹配"), operation_id="undoMatch", status_code=200)
async def undo(match_id: FromPath[UUID], data: JSONBody[Undoing], visit: Visiting) -> MatchWhole:
    await reconciling.undo(visit.session, match_id, reason=data.reason, by=visit.person, at=visit.at)
    return await _read(visit, match_id)


@post("/matches/{match_id:uuid}/write-off", summary=N_("核销差额"), operation_id="writeOff", status_code=200)
async def write_off(match_id: FromPath[UUID], data: JSONBody[WriteOff], visit: Visiting) -> MatchWhole:
    account = next((use for use in AccountUse if use.value == data.account), data.account)
    await reconciling.write_off(visit.session, match_id, account=account, by=visit.person, at=visit.at)
    return await _read(visit, match_id)


@post("/bill-lines/{line_id:uuid}/division", summary=N_("拆分对账行"), operation_id="divideLine", status_code=200)
async def divide(line_id: FromPath[UUID], data: JSONBody[Division], visit: Visiting) -> Listing[SideLineShown]:
    parts = [Part(fen=one.fen, text=one.text) for one in data.parts]
    lines = await reconciling.split(visit.session, line_id, parts, by=visit.person, at=visit.at)
    return Listing(items=[_line(one.as_line()) for one in lines])


@post("/bill-lines/merging", summary=N_("合并对账行"), operation_id="mergeLines", status_code=200)
async def merge(data: JSONBody[Merging], visit: Visiting) -> SideLineShown:
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


def _desk(asked: DeskQuery) -> Desk:
    """The desk that a query names. Raises ParameterInvalid for one that leaves something out, MonthUnknown."""
    missing = {name: N_("请填写") for name in ("source", "account", "month") if not getattr(asked, name)}
    if asked.month is None or missing:
        raise ParameterInvalid(missing)
    return Desk(asked.source, asked.account, first_day(asked.month))


def _line(line: Line) -> SideLineShown:
    return shown(SideLineShown, line)


router = Router(
    "/",
    tags=[N_("对账")],
    route_handlers=[read_desk, list_lines, list_offers, run, match, read_match, undo, write_off, divide, merge],
)
