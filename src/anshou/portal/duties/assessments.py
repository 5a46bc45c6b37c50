"""Impact assessments: kept for three years at least, never changed."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.duties.places import tabs, trail
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.duties.register import (
    AssessmentGiven,
    Conclusion,
    delete_assessment,
    list_assessments,
    record_assessment,
    visible_assessment,
)
from tenants.refusals import N_, Refusal

TONES = {Conclusion.ACCEPTABLE: "green", Conclusion.WITH_MEASURES: "amber", Conclusion.NOT_ACCEPTABLE: "red"}


@get("/assessments")
async def assessments_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every assessment, the latest first."""
    authorize_at_desk(visit.person, Permission.READ_REGISTER)
    return page(
        request,
        "duties/assessments.html",
        tabs=tabs(request, "assessments"),
        assessments=await list_assessments(visit.session, by=visit.person),
        tones=TONES,
        may_manage=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
    )


@get("/assessments/new")
async def new_assessment_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    return _form(request, starting_with({"assessed_on": today}))


@post("/assessments/new", status_code=303)
async def submit_assessment(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep it."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    reading = read(AssessmentGiven, await typed_by(request))
    if reading.value is None:
        return _form(request, reading.typed, reading.refusal)
    made = await record_assessment(visit.session, reading.value, by=visit.person, at=visit.at)
    return go_to(request, f"/assessments/{made.id}", Notice(language_of(request).say(N_("已登记。"))))


@get("/assessments/{assessment_id:uuid}")
async def assessment_page(
    assessment_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """One of them, to read and print."""
    authorize_at_desk(visit.person, Permission.READ_REGISTER)
    found = await visible_assessment(visit.session, assessment_id, by=visit.person)
    return page(
        request,
        "duties/assessment.html",
        assessment=found,
        tone=TONES[found.conclusion],
        names=await names_of(visit.session, [found.recorded_by]),
        back="/assessments",
        may_delete=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY) and visit.at >= found.kept_until,
    )


@post("/assessments/{assessment_id:uuid}/delete", status_code=303)
async def delete(assessment_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Delete one that need not be kept any longer."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    found = await visible_assessment(visit.session, assessment_id, by=visit.person)
    await delete_assessment(visit.session, found, by=visit.person, at=visit.at)
    return go_to(request, "/assessments", Notice(language_of(request).say(N_("已删除。"))))


def _form(request: Asked, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("登记影响评估")),
        action="/assessments/new",
        back="/assessments",
        button=say(N_("保存")),
        trail=trail(request, "assessments"),
        intro=say(N_("《个人信息保护法》第五十五条列出的情形须事前评估，评估报告至少保存三年。登记后不能修改。")),
    )
    return show_form(request, form, AssessmentGiven, typed, wrong=wrong)
