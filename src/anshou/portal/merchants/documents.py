"""The documents of a contract version: added, handed out, taken off a draft."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.downloads import send_file
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import visible_version
from anshou.merchants.documents import StoredFile, add_document, remove_document, visible_document
from anshou.people.permissions import Permission, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.merchants.places import address_of_merchant
from anshou.portal.merchants.versions import show_version
from anshou.portal.pages import Notice, go_to, language_of, portal_of
from anshou.portal.ticket_views.choices import purpose_choices
from anshou.portal.ticket_views.confidential import Purpose
from anshou.portal.uploads import received_files
from anshou.privacy.contract_documents import open_document
from tenants import files
from tenants.refusals import N_, Invalid


class NoFileChosen(Invalid):
    """Raised when a form that brings documents brings none."""

    def __init__(self) -> None:
        super().__init__(N_("请先选择要上传的文件"))


@post("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/documents", status_code=303)
async def upload(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Put files to the version."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    try:
        received = await received_files(request, visit, "documents", sealed_for=merchant_id)
        if not received:
            raise NoFileChosen
    except Invalid as refusal:
        return await show_version(request, visit, version, refusal)
    for one in received:
        kept = StoredFile(
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            sha256=bytes.fromhex(one.sha256),
            storage_key=one.storage_key,
            is_sealed=True,
        )
        await add_document(visit.session, version, kept, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("已上传 %(count)s 个文件。"), count=len(received))
    return go_to(request, _here(merchant_id, version_id), Notice(said))


@get("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/documents/{document_id:uuid}")
async def purpose_page(
    merchant_id: FromPath[UUID],
    version_id: FromPath[UUID],
    document_id: FromPath[UUID],
    request: Asked,
    visit: NamedDependency[Visit],
) -> Response[str]:
    """What the document is wanted for."""
    authorize(visit.person, Permission.REVEAL)
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    document = await visible_document(visit.session, version, document_id, by=visit.person)
    say, back = language_of(request).say, _here(merchant_id, version_id)
    form = FormPage(
        heading=say(N_("下载合同文件")),
        action=f"{back.partition('#')[0]}/documents/{document.id}",
        back=back,
        button=say(N_("下载")),
        intro=say(N_("您的姓名、时间和查看目的会被记录，商家可以看到。")),
    )
    purposes = await purpose_choices(visit.session, language_of(request))
    return show_form(request, form, Purpose, choices=Choices(by_name={"purpose": purposes}))


@post(
    "/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/documents/{document_id:uuid}", status_code=200
)
async def download(
    merchant_id: FromPath[UUID],
    version_id: FromPath[UUID],
    document_id: FromPath[UUID],
    request: Asked,
    visit: NamedDependency[Visit],
) -> Stream:
    """Hand a document out."""
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    document = await visible_document(visit.session, version, document_id, by=visit.person)
    purpose = (await typed_by(request)).one("purpose")
    storage = await open_document(
        visit.session,
        portal_of(request).storage,
        version,
        document,
        purpose=purpose,
        by=visit.person,
        at=visit.at,
    )
    file = files.StoredFile(
        document.storage_key, document.name, document.media_type, document.size, document.sha256.hex()
    )
    return await send_file(storage, file)


@post(
    "/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/documents/{document_id:uuid}/remove",
    status_code=303,
)
async def remove(
    merchant_id: FromPath[UUID],
    version_id: FromPath[UUID],
    document_id: FromPath[UUID],
    request: Asked,
    visit: NamedDependency[Visit],
) -> Response[str]:
    """Take a document off a draft."""
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    document = await visible_document(visit.session, version, document_id, by=visit.person)
    await remove_document(visit.session, version, document, by=visit.person, at=visit.at)
    return go_to(request, _here(merchant_id, version_id), Notice(language_of(request).say(N_("文件已移除。"))))


def _here(merchant_id: UUID, version_id: UUID) -> str:
    return f"{address_of_merchant(merchant_id)}/contracts/versions/{version_id}#documents"
