"""Group robots: registered, changed, silenced, tried out."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, gate_of
from anshou.notifying.deliveries import said_by
from anshou.notifying.kinds import OF_TICKETS
from anshou.notifying.robots import registry, sayings
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.notifying.reasons import saying_why
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from confidentiality.local_key import LocalKey
from tenants.refusals import N_, Refusal

HOME = "/settings/notifications"


@get("/settings/notifications/robots/new")
async def new_robot_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for a robot."""
    authorize(visit.person, Permission.MANAGE_SETTINGS)
    return _new(request)


@post("/settings/notifications/robots/new", status_code=303)
async def submit_robot(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Register it."""
    authorize(visit.person, Permission.MANAGE_SETTINGS)
    reading = read(registry.RobotWishes, await typed_by(request))
    if reading.value is None:
        return _new(request, reading.typed, reading.refusal)
    try:
        robot = await registry.register_robot(
            visit.session,
            _key(request, visit),
            reading.value,
            also=portal_of(request).robot_hosts,
            by=visit.person,
            at=visit.at,
        )
    except Refusal as refusal:
        return _new(request, reading.typed, refusal)
    said = language_of(request).say(N_("群机器人已登记。请发送测试消息，确认它能播报。"))
    return go_to(request, _at(robot.id), Notice(said))


@get("/settings/notifications/robots/{robot_id:uuid}")
async def robot_page(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One robot, and what it said lately."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    return page(
        request,
        "notifying/robot.html",
        robot=robot,
        manner=robot.manner(),
        said=await said_by(visit.session, visit.person, robot_id),
        why=saying_why(language_of(request)),
        zone=(await read_settings(visit.session)).zone,
        home=HOME,
    )


@post("/settings/notifications/robots/{robot_id:uuid}/test", status_code=303)
async def test_robot(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Let it say that it works."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    await sayings.owe_test(visit.session, robot, at=visit.at)
    return go_to(request, _at(robot_id), Notice(language_of(request).say(N_("测试消息已排队，结果见下方记录。"))))


@get("/settings/notifications/robots/{robot_id:uuid}/change")
async def change_page(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for of what it speaks."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    return _changing(request, robot, prefilled(robot.manner()))


@post("/settings/notifications/robots/{robot_id:uuid}/change", status_code=303)
async def submit_change(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Change of what it speaks."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    reading = read(registry.RobotManner, await typed_by(request))
    if reading.value is None:
        return _changing(request, robot, reading.typed, reading.refusal)
    await registry.change_robot(visit.session, robot, reading.value, by=visit.person, at=visit.at)
    return go_to(request, _at(robot_id), Notice(language_of(request).say(N_("群机器人已修改。"))))


@get("/settings/notifications/robots/{robot_id:uuid}/address")
async def address_page(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another address."""
    return _moving(request, await registry.visible_robot(visit.session, visit.person, robot_id))


@post("/settings/notifications/robots/{robot_id:uuid}/address", status_code=303)
async def submit_address(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Give it another address and secret."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    reading = read(registry.RobotAddress, await typed_by(request))
    if reading.value is None:
        return _moving(request, robot, reading.typed, reading.refusal)
    key, also = _key(request, visit), portal_of(request).robot_hosts
    try:
        await registry.move_robot(visit.session, key, robot, reading.value, also=also, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _moving(request, robot, reading.typed, refusal)
    return go_to(request, _at(robot_id), Notice(language_of(request).say(N_("机器人地址已更换。"))))


@post("/settings/notifications/robots/{robot_id:uuid}/silence", status_code=303)
async def silence(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Let it say nothing for now."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    await registry.silence_robot(visit.session, robot, by=visit.person, at=visit.at)
    return go_to(request, _at(robot_id), Notice(language_of(request).say(N_("群机器人已停用。"))))


@post("/settings/notifications/robots/{robot_id:uuid}/resume", status_code=303)
async def resume(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Let it speak again."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    await registry.resume_robot(visit.session, robot, by=visit.person, at=visit.at)
    return go_to(request, _at(robot_id), Notice(language_of(request).say(N_("群机器人已启用。"))))


@post("/settings/notifications/robots/{robot_id:uuid}/remove", status_code=303)
async def remove(robot_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Remove it and what it said."""
    robot = await registry.visible_robot(visit.session, visit.person, robot_id)
    await registry.remove_robot(visit.session, robot, by=visit.person, at=visit.at)
    return go_to(request, HOME, Notice(language_of(request).say(N_("群机器人已删除。"))))


def _at(robot_id: UUID) -> str:
    return f"{HOME}/robots/{robot_id}"


def _key(request: Asked, visit: Visit) -> LocalKey:
    return gate_of(request).door(visit.tenant).key


def _new(request: Asked, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("登记群机器人")),
        action=f"{HOME}/robots/new",
        back=HOME,
        button=say(N_("登记")),
        trail=((say(N_("通知设置")), HOME),),
        intro=say(
            N_(
                "在群聊的设置里添加自定义机器人，把它的地址粘贴到这里。地址等同密码，保存后不再显示。"
                "机器人若设了关键词，请填“工单”；钉钉和飞书建议使用加签。"
            )
        ),
    )
    return show_form(request, form, registry.RobotWishes, typed, wrong=wrong, choices=_choices(request))


def _changing(request: Asked, robot: registry.GroupRobot, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("修改群机器人")),
        action=f"{_at(robot.id)}/change",
        back=_at(robot.id),
        button=say(N_("保存")),
        trail=((say(N_("通知设置")), HOME), (robot.name, _at(robot.id))),
    )
    return show_form(request, form, registry.RobotManner, typed, wrong=wrong, choices=_choices(request))


def _moving(
    request: Asked, robot: registry.GroupRobot, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("更换机器人地址")),
        action=f"{_at(robot.id)}/address",
        back=_at(robot.id),
        button=say(N_("保存")),
        trail=((say(N_("通知设置")), HOME), (robot.name, _at(robot.id))),
    )
    return show_form(request, form, registry.RobotAddress, typed, wrong=wrong)


def _choices(request: Asked) -> Choices:
    say = language_of(request).say
    return Choices(by_name={"kinds": [(kind.value, say(kind.label)) for kind in OF_TICKETS]})
