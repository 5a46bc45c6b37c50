"""Requests of people about their data: taken in, matched, decided, executed, answered. Who asks is never listed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Page, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.queries import Paging
from anshou.api.routing import ask, delete, get, post, put
from anshou.api.visits import ApiVisit, Visiting
from anshou.privacy.requests import copying, filing, handling, reading
from anshou.privacy.requests.kinds import Decision, Ground, Proof, Right, State, Step, Through
from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.requests.shapes import AnswerGiven, DecisionGiven, Identification, RequestGiven
from anshou.tickets.kinds import Channel
from tenants.refusals import N_


class RequestQuery(Paging, frozen=True, kw_only=True):
    """Which requests."""

    answered: Annotated[bool, Meta(title=N_("是否列出已答复的"))] = False


class RequestShown(Struct, frozen=True, kw_only=True):
    """A request without who asks or what was written; `due_at` is when it must be answered."""

    id: UUID
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    number: Annotated[str, Meta(title=N_("请求编号"))]
    asks_for: Annotated[Right, Meta(title=N_("请求事项"))]
    channel: Annotated[Channel, Meta(title=N_("收到渠道"))]
    through: Annotated[Through, Meta(title=N_("经由"))]
    state: Annotated[State, Meta(title=N_("状态"))]
    received_at: Annotated[datetime, Meta(title=N_("收到时间"))]
    due_at: Annotated[datetime, Meta(title=N_("答复期限"))]
    breached_at: Annotated[datetime | None, Meta(title=N_("超期时间"))]
    identified_through: Annotated[Proof | None, Meta(title=N_("核实方式"))]
    decision: Annotated[Decision | None, Meta(title=N_("决定"))]
    ground: Annotated[Ground | None, Meta(title=N_("法律理由"))]
    answered_at: Annotated[datetime | None, Meta(title=N_("答复时间"))]


class StepShown(Struct, frozen=True, kw_only=True):
    """What happened to a request; `detail` is a code or an id."""

    step: Annotated[Step, Meta(title=N_("步骤"))]
    at: Annotated[datetime, Meta(title=N_("时间"))]
    by_id: Annotated[UUID, Meta(title=N_("处理人"))]
    detail: Annotated[str, Meta(title=N_("详情"))]


class RequestRead(RequestShown, frozen=True, kw_only=True):
    """A request with its steps and the consumer records it is about."""

    records: Annotated[list[UUID], Meta(title=N_("关联的消费者记录"))]
    steps: Annotated[list[StepShown], Meta(title=N_("经过"))]


@get("/subject-requests", summary=N_("列出个人信息请求"), operation_id="listSubjectRequests", query=RequestQuery)
async def list_requests(asked: NamedDependency[RequestQuery], visit: Visiting) -> Page[RequestShown]:
    after = unpack(asked.after, "requests", asked.answered, tuple[datetime, UUID]) if asked.after else None
    found = await reading.list_requests(
        visit.session, by=visit.person, answered=asked.answered, after=after, limit=asked.limit + 1
    )
    page = found[: asked.limit]
    more = len(found) > asked.limit
    last = (page[-1].received_at if asked.answered else page[-1].due_at, page[-1].id) if more else None
    return Page(
        items=[shown(RequestShown, one) for one in page],
        next=pack("requests", asked.answered, last) if more else None,
    )


@post(
    "/subject-requests",
    summary=N_("登记个人信息请求"),
    operation_id="fileSubjectRequest",
    opt={"answers_with": {"Location": N_("请求的位置")}},
)
async def file_request(data: JSONBody[RequestGiven], visit: Visiting) -> Response[RequestShown]:
    request = await filing.file_request(visit.session, data, by=visit.person, at=visit.at)
    return made(shown(RequestShown, request), f"{PREFIX}/subject-requests/{request.id}")


@get("/subject-requests/{request_id:uuid}", summary=N_("读取个人信息请求"), operation_id="readSubjectRequest")
async def read_request(request_id: FromPath[UUID], visit: Visiting) -> RequestRead:
    return await _read(visit, await _visible(visit, request_id))


@put(
    "/subject-requests/{request_id:uuid}/records/{record_id:uuid}",
    summary=N_("关联消费者记录"),
    operation_id="matchSubjectRecord",
)
async def match_record(request_id: FromPath[UUID], record_id: FromPath[UUID], visit: Visiting) -> RequestRead:
    request = await _visible(visit, request_id)
    record = await reading.record_by_origin(visit.session, request.merchant_id, record_id)
    await handling.match_record(visit.session, request, record, by=visit.person, at=visit.at)
    return await _read(visit, request)


@delete(
    "/subject-requests/{request_id:uuid}/records/{record_id:uuid}",
    summary=N_("取消关联消费者记录"),
    operation_id="unmatchSubjectRecord",
)
async def unmatch_record(request_id: FromPath[UUID], record_id: FromPath[UUID], visit: Visiting) -> None:
    request = await _visible(visit, request_id)
    await handling.unmatch_record(visit.session, request, record_id, by=visit.person, at=visit.at)


@post(
    "/subject-requests/{request_id:uuid}/identification",
    summary=N_("核实请求人身份"),
    operation_id="identifySubject",
    status_code=200,
)
async def identify(request_id: FromPath[UUID], data: JSONBody[Identification], visit: Visiting) -> RequestRead:
    request = await _visible(visit, request_id)
    await handling.identify(visit.session, request, data, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(
    "/subject-requests/{request_id:uuid}/decision",
    summary=N_("决定个人信息请求"),
    operation_id="decideSubjectRequest",
    status_code=200,
)
async def decide(request_id: FromPath[UUID], data: JSONBody[DecisionGiven], visit: Visiting) -> RequestRead:
    request = await _visible(visit, request_id)
    await handling.decide(visit.session, request, data, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(
    "/subject-requests/{request_id:uuid}/execution",
    summary=N_("执行个人信息请求"),
    operation_id="executeSubjectRequest",
    status_code=200,
)
async def execute(request_id: FromPath[UUID], visit: Visiting) -> RequestRead:
    request = await _visible(visit, request_id)
    await handling.execute(visit.session, request, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(
    "/subject-requests/{request_id:uuid}/answer",
    summary=N_("登记对请求人的答复"),
    operation_id="answerSubjectRequest",
    status_code=200,
)
async def answer(request_id: FromPath[UUID], data: JSONBody[AnswerGiven], visit: Visiting) -> RequestRead:
    request = await _visible(visit, request_id)
    await handling.answer(visit.session, request, data, by=visit.person, at=visit.at)
    return await _read(visit, request)


@ask(
    "/subject-requests/{request_id:uuid}/copy",
    summary=N_("导出个人信息副本"),
    operation_id="copySubjectData",
    media_type="application/json",
)
async def copy(request_id: FromPath[UUID], visit: Visiting) -> copying.CopyTold:
    # Answered at once and kept beside no key: nobody but whoever asked has it in the open.
    request = await _visible(visit, request_id)
    return copying.as_told(await copying.make_copy(visit.session, request, by=visit.person, at=visit.at))


async def _visible(visit: ApiVisit, request_id: UUID) -> SubjectRequest:
    return await reading.request_by_id(visit.session, request_id, by=visit.person)


async def _read(visit: ApiVisit, request: SubjectRequest) -> RequestRead:
    records = await reading.matched_records(visit.session, request)
    steps = await reading.steps_of(visit.session, request)
    return shown(
        RequestRead,
        request,
        records=[record.origin_id for record in records],
        steps=[shown(StepShown, step) for step in steps],
    )


router = Router(
    "/",
    tags=[N_("个人信息请求")],
    route_handlers=[
        list_requests,
        file_request,
        read_request,
        match_record,
        unmatch_record,
        identify,
        decide,
        execute,
        answer,
        copy,
    ],
)
