"""The agency's mailbox: where it is, how it is entered, and how reading it went."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import BigInteger, LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.notifying.deeds import MAILBOX_CHANGED
from anshou.notifying.errors import MailboxPasswordMissing, MailboxUnsafe
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.webhooks.destinations import resolve
from confidentiality.audit.leaves import record
from confidentiality.local_key import LocalKey
from tenants.base import Base, Row
from tenants.jobs import enqueue
from tenants.labels import Labelled
from tenants.refusals import N_

TAKE_IN = "mail.take_in"

_PURPOSE = "entering the mailbox"

_HOST, _PORT, _SECURITY, _USERNAME = N_("IMAP 服务器"), N_("端口"), N_("加密方式"), N_("账号")


class Security(Labelled):
    """How the connection is kept from listeners, the safest first."""

    TLS = "tls", N_("TLS（993 端口）")
    STARTTLS = "starttls", N_("STARTTLS（143 端口）")
    NONE = "none", N_("不加密（仅限运维允许的内网主机）")


class MailboxWishes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an administrator says about the mailbox. Without a password the one that is there stays."""

    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]+$", max_length=253, title=_HOST)]
    port: Annotated[int, Meta(ge=1, le=65535, title=_PORT)] = 993
    security: Annotated[Security, Meta(title=_SECURITY)] = Security.TLS
    username: Annotated[str, Meta(min_length=1, max_length=254, title=_USERNAME)]
    password: Annotated[
        str, Meta(max_length=500, title=N_("密码或授权码（连接或账号有改动时须重填）"), extra={"widget": "password"})
    ] = ""
    folder: Annotated[str, Meta(pattern=r'^[^"\\\r\n]+$', max_length=200, title=N_("文件夹"))] = "INBOX"
    address: Annotated[
        str, Meta(max_length=200, pattern=r"^[A-Za-z0-9._%-]+@[^@\s+]+\.[^@\s]+$", title=N_("收回复的邮箱地址"))
    ]
    tagged: Annotated[bool, Meta(title=N_("邮箱支持“+标签”地址（如 reply+abc@…）"))] = True
    authority: Annotated[
        str, Meta(max_length=200, pattern=r"^[A-Za-z0-9.-]*$", title=N_("收信服务器在 Authentication-Results 中的名称"))
    ] = ""
    active: Annotated[bool, Meta(title=N_("启用"))] = True


class ReplyMailbox(Row, Base):
    """The one mailbox of the agency. `seen_uid` is the last message that was looked at under `uid_validity`.

    `generation` counts the times that it was set: jobs of an earlier one end.
    """

    __tablename__ = "reply_mailbox"

    host: Mapped[str]
    port: Mapped[int]
    security: Mapped[Security]
    username: Mapped[str]
    sealed_password: Mapped[bytes] = mapped_column(LargeBinary)
    folder: Mapped[str]
    address: Mapped[str]
    tagged: Mapped[bool]
    authority: Mapped[str]
    active: Mapped[bool]
    generation: Mapped[int]
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    seen_uid: Mapped[int | None] = mapped_column(BigInteger)
    looked_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    failing_since: Mapped[datetime | None]

    def reply_to(self, token: str) -> str:
        """Where a letter with this token is answered to."""
        local, _, domain = self.address.partition("@")
        return f"{local}+{token}@{domain}" if self.tagged else self.address

    def wishes(self) -> MailboxWishes:
        """What was said about it, without the password."""
        return MailboxWishes(
            host=self.host,
            port=self.port,
            security=self.security,
            username=self.username,
            folder=self.folder,
            address=self.address,
            tagged=self.tagged,
            authority=self.authority,
            active=self.active,
        )


async def find_mailbox(session: AsyncSession) -> ReplyMailbox | None:
    """The mailbox, in the agency's context; None while there is none."""
    return (await session.scalars(select(ReplyMailbox))).one_or_none()


async def visible_mailbox(session: AsyncSession, person: Person) -> ReplyMailbox | None:
    """The mailbox, for whoever reads settings."""
    authorize(person, Permission.READ_SETTINGS)
    return await find_mailbox(session)


async def set_mailbox(
    session: AsyncSession,
    key: LocalKey,
    wishes: MailboxWishes,
    *,
    inside: Collection[str],
    by: Person,
    at: datetime,
) -> ReplyMailbox:
    """Set the mailbox, and begin to look into it. `inside` are the hosts that may be private.

    Raises MailboxUnsafe, MailboxPasswordMissing, and DestinationRefused for a host that must not be connected to.
    """
    authorize(by, Permission.MANAGE_SETTINGS)
    if wishes.security is Security.NONE and wishes.host not in inside:
        raise MailboxUnsafe
    await resolve(wishes.host, wishes.port, allow_private=wishes.host in inside)
    box = await find_mailbox(session)
    if not wishes.password:
        _require_same_place(box, wishes)
    if box is None:
        box = ReplyMailbox(generation=0, sealed_password=b"")
        session.add(box)
    elif (box.host, box.username, box.folder) != (wishes.host, wishes.username, wishes.folder):
        box.uid_validity = box.seen_uid = None
    for name in ("host", "port", "security", "username", "folder", "address", "tagged", "authority", "active"):
        setattr(box, name, getattr(wishes, name))
    if wishes.password:
        box.sealed_password = key.seal(wishes.password.encode(), owner=box.id, purpose=_PURPOSE)
    box.generation += 1
    box.failure = box.failing_since = None
    await session.flush()
    said = {"host": box.host, "active": box.active}
    await record(session, MAILBOX_CHANGED, actor=by.actor(), at=at, subject=box.id, body=said)
    if box.active:
        await look_again(session, box.generation, at=at)
    return box


def _require_same_place(box: ReplyMailbox | None, wishes: MailboxWishes) -> None:
    """Return when the password that is there may go on being used.

    It is never taken along to another server, which another port may be, nor said to more listeners than before:
    whoever may set the mailbox would learn it. Raises MailboxPasswordMissing, naming what leads elsewhere.
    """
    if box is None:
        raise MailboxPasswordMissing
    safest_first = list(Security)
    elsewhere = {
        _HOST: box.host != wishes.host,
        _PORT: box.port != wishes.port,
        _SECURITY: safest_first.index(wishes.security) > safest_first.index(box.security),
        _USERNAME: box.username != wishes.username,
    }
    if changed := next((title for title, is_so in elsewhere.items() if is_so), ""):
        raise MailboxPasswordMissing(changed)


async def look_again(session: AsyncSession, generation: int, *, at: datetime) -> None:
    """Leave the job of the next look into the mailbox."""
    key = f"{TAKE_IN}:{generation}:{at.isoformat()}"
    await enqueue(session, TAKE_IN, {"generation": generation}, key=key, run_at=at, queue="bulk")


def password_of(box: ReplyMailbox, key: LocalKey) -> str:
    """What enters it."""
    return key.open(box.sealed_password, owner=box.id, purpose=_PURPOSE).decode()


def note_look(box: ReplyMailbox, *, failure: str | None, at: datetime) -> None:
    """How looking into it went."""
    box.looked_at, box.failure = at, failure
    box.failing_since = None if failure is None else box.failing_since or at
