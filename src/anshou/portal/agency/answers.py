"""The list of canned answers, and the form of one."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.permissions import Permission
from anshou.people.person import Person
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.canned_answers import (
    AGENCY,
    OWN,
    AnswerNotFound,
    CannedAnswer,
    Given,
    forget_answer,
    list_answers,
    may_change,
    may_share,
    visible_answer,
    write_answer,
)
from anshou.tickets.placeholders import Placeholder
from tenants.refusals import N_, Invalid

ANSWERS = "/answers"


@get(ANSWERS)
async def answers_list(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything that the person may use."""
    authorize_at_desk(visit.person, Permission.USE_ANSWERS)
    found = await list_answers(visit.session, visit.person)
    return page(
        request,
        "agency/answers.html",
        answers=[(one, may_change(one, visit.person)) for one in found],
        placeholders=list(Placeholder),
    )


@get(f"{ANSWERS}/new")
async def new_answer_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another one."""
    authorize_at_desk(visit.person, Permission.USE_ANSWERS)
    return _form(request, visit.person, None, starting_with({"whose": OWN}))


@post(f"{ANSWERS}/new", status_code=303)
async def submit_new_answer(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep it."""
    authorize_at_desk(visit.person, Permission.USE_ANSWERS)
    return await _write(request, visit, None)


@get(f"{ANSWERS}/{{answer_id:uuid}}")
async def answer_page(answer_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form of one."""
    answer = await _own(visit, answer_id)
    return _form(
        request,
        visit.person,
        answer,
        starting_with({"title": answer.title, "whose": answer.whose, "body": answer.body}),
    )


@post(f"{ANSWERS}/{{answer_id:uuid}}", status_code=303)
async def submit_answer(answer_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Change it."""
    return await _write(request, visit, await _own(visit, answer_id))


@post(f"{ANSWERS}/{{answer_id:uuid}}/delete", status_code=303)
async def delete_answer(answer_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it away."""
    await forget_answer(visit.session, await _own(visit, answer_id), by=visit.person, at=visit.at)
    return go_to(request, ANSWERS, Notice(language_of(request).say(N_("常用语已删除。"))))


async def _own(visit: Visit, answer_id: UUID) -> CannedAnswer:
    """One that the person may change; others are there to be used only."""
    authorize_at_desk(visit.person, Permission.USE_ANSWERS)
    answer = await visible_answer(visit.session, visit.person, answer_id)
    if not may_change(answer, visit.person):
        raise AnswerNotFound
    return answer


async def _write(request: Asked, visit: Visit, answer: CannedAnswer | None) -> Response[str]:
    typed = await typed_by(request)
    reading = read(Given, typed)
    if reading.value is None:
        return _form(request, visit.person, answer, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await write_answer(visit.session, reading.value, by=visit.person, at=visit.at, instead=answer)
    except Invalid as refusal:
        return _form(request, visit.person, answer, reading.typed, refusal)
    return go_to(request, ANSWERS, Notice(language_of(request).say(N_("常用语已保存。"))))


def _form(
    request: Asked, person: Person, answer: CannedAnswer | None, typed: Typed, wrong: Invalid | None = None
) -> Response[str]:
    language = language_of(request)
    heading = language.say(N_("修改常用语") if answer else N_("新建常用语"))
    names = "、".join(f"{{{one.value}}}" for one in Placeholder)
    form = FormPage(
        heading=heading,
        action=f"{ANSWERS}/{answer.id}" if answer else f"{ANSWERS}/new",
        back=ANSWERS,
        button=language.say(N_("保存")),
        trail=((language.say(N_("常用语")), ANSWERS),),
        intro=language.say(N_("可用的占位符：%(names)s。插入时自动填写，没有内容的会在发送前提醒。"), names=names),
    )
    return show_form(
        request, form, Given, typed, wrong=wrong, choices=Choices(by_name={"whose": _whose(person, language)})
    )


def _whose(person: Person, language: Language) -> list[tuple[str, str]]:
    shared = may_share(person)
    offered = [(OWN, language.say(N_("只有我")))]
    offered += [(one.value, language.say(one.label)) for one in shared.departments]
    return [*offered, (AGENCY, language.say(N_("全公司")))] if shared.agency else offered
