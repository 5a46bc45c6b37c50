"""Webhook endpoints, their secrets and their deliveries."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, Page, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.queries import Paging
from anshou.api.routing import delete, get, post, put
from anshou.api.visits import Visiting
from anshou.webhooks import deliveries, endpoints
from anshou.webhooks.deliveries import DeliveryState, WebhookDelivery
from anshou.webhooks.endpoints import EndpointWishes, Stopped, WebhookEndpoint
from anshou.webhooks.events import EventType
from tenants.refusals import N_


class EndpointShown(Struct, frozen=True, kw_only=True):
    """An endpoint as it stands."""

    id: UUID
    url: Annotated[str, Meta(title=N_("推送地址"))]
    events: Annotated[list[EventType], Meta(title=N_("推送的事件，空为全部"))]
    description: Annotated[str, Meta(title=N_("用途说明"))]
    active: Annotated[bool, Meta(title=N_("是否启用"))]
    stopped: Annotated[Stopped | None, Meta(title=N_("停用的原因"))]
    stopped_at: Annotated[datetime | None, Meta(title=N_("停用时间"))]
    failing_since: Annotated[datetime | None, Meta(title=N_("从何时起推送失败"))]
    created_at: Annotated[datetime, Meta(title=N_("登记时间"))]


class EndpointMade(Struct, frozen=True, kw_only=True):
    """A new endpoint with its signing secret, shown this once."""

    endpoint: EndpointShown
    secret: Annotated[str, Meta(title=N_("签名密钥，仅显示一次"))]


class SecretMade(Struct, frozen=True, kw_only=True):
    """A new signing secret, shown this once; the one before signs too until `previous_until`."""

    secret: Annotated[str, Meta(title=N_("签名密钥，仅显示一次"))]
    previous_until: Annotated[datetime, Meta(title=N_("旧密钥同时签名至"))]


class DeliveryShown(Struct, frozen=True, kw_only=True):
    """A delivery as it stands. Its id is the `webhook-id` that was sent."""

    id: UUID
    event: Annotated[EventType, Meta(title=N_("事件"))]
    ticket: Annotated[str | None, Meta(title=N_("工单号"))]
    occurred_at: Annotated[datetime, Meta(title=N_("事件发生时间"))]
    state: Annotated[DeliveryState, Meta(title=N_("推送状态"))]
    attempts: Annotated[int, Meta(title=N_("已尝试次数"))]
    last_attempt_at: Annotated[datetime | None, Meta(title=N_("最近一次尝试"))]
    last_status: Annotated[int | None, Meta(title=N_("对方返回的状态码"))]
    last_failure: Annotated[str | None, Meta(title=N_("未收到应答的原因"))]
    last_milliseconds: Annotated[int | None, Meta(title=N_("耗时（毫秒）"))]
    next_attempt_at: Annotated[datetime | None, Meta(title=N_("下一次尝试"))]


class DeliveryLeft(Struct, frozen=True, kw_only=True):
    """A delivery that will be attempted soon."""

    id: UUID


@get("/webhooks", summary=N_("列出推送地址"), operation_id="listWebhooks")
async def list_webhooks(visit: Visiting) -> Listing[EndpointShown]:
    return Listing(items=[_shown(one) for one in await endpoints.list_endpoints(visit.session, visit.person)])


@post(
    "/webhooks",
    summary=N_("登记推送地址"),
    operation_id="registerWebhook",
    opt={"answers_with": {"Location": N_("推送地址的位置")}},
)
async def register_webhook(data: JSONBody[EndpointWishes], visit: Visiting) -> Response[EndpointMade]:
    endpoint, secret = await endpoints.register_endpoint(
        visit.session,
        visit.sealing,
        data,
        allow_private=visit.door.settings.webhooks_to_private,
        by=visit.person,
        at=visit.at,
    )
    return made(EndpointMade(endpoint=_shown(endpoint), secret=secret), f"{PREFIX}/webhooks/{endpoint.id}")


@get("/webhooks/{webhook_id:uuid}", summary=N_("读取推送地址"), operation_id="readWebhook")
async def read_webhook(webhook_id: FromPath[UUID], visit: Visiting) -> EndpointShown:
    return _shown(await endpoints.visible_endpoint(visit.session, visit.person, webhook_id))


@put("/webhooks/{webhook_id:uuid}", summary=N_("修改推送地址"), operation_id="changeWebhook")
async def change_webhook(webhook_id: FromPath[UUID], data: JSONBody[EndpointWishes], visit: Visiting) -> EndpointShown:
    endpoint = await endpoints.visible_endpoint(visit.session, visit.person, webhook_id)
    allow_private = visit.door.settings.webhooks_to_private
    await endpoints.change_endpoint(endpoint, data, allow_private=allow_private, by=visit.person, at=visit.at)
    return _shown(endpoint)


@delete("/webhooks/{webhook_id:uuid}", summary=N_("删除推送地址"), operation_id="removeWebhook")
async def remove_webhook(webhook_id: FromPath[UUID], visit: Visiting) -> None:
    endpoint = await endpoints.visible_endpoint(visit.session, visit.person, webhook_id)
    await endpoints.remove_endpoint(visit.session, endpoint, by=visit.person, at=visit.at)


@post("/webhooks/{webhook_id:uuid}/secret", summary=N_("更换签名密钥"), operation_id="rotateWebhookSecret")
async def rotate_webhook_secret(webhook_id: FromPath[UUID], visit: Visiting) -> SecretMade:
    endpoint = await endpoints.visible_endpoint(visit.session, visit.person, webhook_id)
    secret = endpoints.rotate_secret(endpoint, visit.sealing, by=visit.person, at=visit.at)
    return SecretMade(secret=secret, previous_until=visit.at + endpoints.OVERLAP)


@post("/webhooks/{webhook_id:uuid}/test", summary=N_("发送测试推送"), operation_id="testWebhook", status_code=202)
async def test_webhook(webhook_id: FromPath[UUID], visit: Visiting) -> DeliveryLeft:
    endpoint = await endpoints.visible_endpoint(visit.session, visit.person, webhook_id)
    return DeliveryLeft(id=await deliveries.leave_test(visit.session, endpoint, by=visit.person, at=visit.at))


@get(
    "/webhooks/{webhook_id:uuid}/deliveries",
    summary=N_("列出推送记录"),
    operation_id="listWebhookDeliveries",
    query=Paging,
)
async def list_webhook_deliveries(
    webhook_id: FromPath[UUID], asked: NamedDependency[Paging], visit: Visiting
) -> Page[DeliveryShown]:
    endpoint = await endpoints.visible_endpoint(visit.session, visit.person, webhook_id)
    name = f"deliveries of {endpoint.id}"
    before = unpack(asked.after, name, None, UUID) if asked.after else None
    found = await deliveries.list_deliveries(visit.session, endpoint, before=before, limit=asked.limit + 1)
    page = [_delivery_shown(one) for one in found[: asked.limit]]
    return Page(items=page, next=pack(name, None, page[-1].id) if len(found) > asked.limit else None)


@post(
    "/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/retry",
    summary=N_("重新推送"),
    operation_id="retryWebhookDelivery",
    status_code=202,
)
async def retry_webhook_delivery(
    webhook_id: FromPath[UUID], delivery_id: FromPath[UUID], visit: Visiting
) -> DeliveryLeft:
    endpoint = await endpoints.visible_endpoint(visit.session, visit.person, webhook_id)
    delivery = await deliveries.visible_delivery(visit.session, endpoint, delivery_id)
    await deliveries.redeliver(visit.session, delivery, by=visit.person, at=visit.at)
    return DeliveryLeft(id=delivery.id)


def _shown(endpoint: WebhookEndpoint) -> EndpointShown:
    events = [member for member in EventType if member.value in endpoint.events]
    return shown(EndpointShown, endpoint, events=events, active=endpoint.stopped is None)


def _delivery_shown(delivery: WebhookDelivery) -> DeliveryShown:
    return shown(DeliveryShown, delivery, event=delivery.event_type, ticket=delivery.number)


router = Router(
    "/",
    tags=[N_("事件推送")],
    route_handlers=[
        list_webhooks,
        register_webhook,
        read_webhook,
        change_webhook,
        remove_webhook,
        rotate_webhook_secret,
        test_webhook,
        list_webhook_deliveries,
        retry_webhook_delivery,
    ],
)
