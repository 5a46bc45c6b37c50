"""Letters by mail: that something waits, about which ticket, and where to look. Never what it says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.language import choose
from anshou.notifying.mailing import SEND_DIGEST, SEND_LETTER, send_by_itself, send_gathered
from anshou.notifying.replies.answering import can_be_answered
from anshou.notifying.replies.incoming import forget_old_incoming
from anshou.notifying.replies.mailbox import find_mailbox
from anshou.notifying.replies.tokens import token_of
from anshou.notifying.robots.sayings import forget_old_sayings
from anshou.people.letters import (
    OwedDigest,
    OwedLetter,
    drop_letter,
    find_owed_digest,
    find_owed_letter,
    mark_all_refused,
    mark_all_sent,
    mark_refused,
    mark_sent,
    mark_untaken,
)
from anshou.people.notices import forget_old_notices
from anshou.privacy.retention.of_upkeep import NOTICES
from anshou.privacy.retention.periods import time_kept
from anshou.worker.mail import PATIENCE, MailRefused, MailUnavailable
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Outside, Work, actor
from confidentiality.local_key import LocalKey
from tenants.refusals import N_

SUBJECT = N_("工单 %(number)s 有新的事项，请查看")
BODY = N_(
    """您好：

工单 %(number)s 有新的事项等待您查看：
%(link)s

为保护商家信息，邮件中不包含工单内容。%(answer)s
%(agency)s
"""
)

# About no ticket: somebody who watches over what is confidential is told nothing by mail but that there is something.
PLAIN_SUBJECT = N_("有新的事项，请查看")
PLAIN_BODY = N_(
    """您好：

有新的事项等待您查看：
%(link)s

为保护商家信息，邮件中不包含具体内容。本邮件由系统自动发出，请勿回复。
%(agency)s
"""
)


# What becomes of an answer.
NO_ANSWER = N_("本邮件由系统自动发出，请勿回复。")
ANSWER_IS_MESSAGE = N_("直接回复本邮件，您写的内容会登记为工单的消息。")
ANSWER_IS_NOTE = N_("直接回复本邮件，您写的内容会登记为工单的内部备注，商家看不到。")

DIGEST_SUBJECT = N_("有 %(count)s 项事项等待查看")
DIGEST_BODY = N_(
    """您好：

有 %(count)s 项事项等待您查看：

%(lines)s

全部事项：%(link)s
通知方式：%(wishes)s

为保护商家信息，邮件中不包含具体内容。本邮件由系统自动发出，请勿回复。
%(agency)s
"""
)

# As many tickets as a digest lists; the rest is behind its link.
MOST_LISTED = 50


class Owed(msgspec.Struct, frozen=True):
    """Which letter, and which attempt at it, counted from 0."""

    letter: UUID
    attempt: int = 0


class Gathered(msgspec.Struct, frozen=True):
    """Whose digest, of which slot, and which attempt at it."""

    account: UUID
    due_at: datetime
    attempt: int = 0


@actor(SEND_LETTER, Owed, time_limit=timedelta(seconds=PATIENCE + 15))
async def send_letter(work: Work, owed: Owed) -> None:
    """Make one attempt at one letter. No transaction is open while the mail server takes its time.

    A process that dies after sending sends again; it is the same Message-ID, so the folder keeps one file and mailboxes
    show one letter. A server that does not take it is no failure of the job: the next attempt is left.
    """
    async with work.look() as session:
        letter = await find_owed_letter(session, owed.letter, attempt=owed.attempt)
        answered = await _answered_at(session, work, letter) if letter else None
    if letter is None:
        async with work.finish() as session:
            if owed.attempt == 0:
                await drop_letter(session, owed.letter, at=work.at)
        return
    untaken, refused = await _send(
        work, write(letter, work.outside, agency=work.tenant.name, at=work.at, answered=answered)
    )
    async with work.finish() as session:
        if refused:
            await mark_refused(session, letter.id, at=work.at, reason=refused)
        elif not untaken:
            await mark_sent(session, letter.id, at=work.at)
        elif following := await mark_untaken(session, [letter.id], reason=untaken, at=work.at):
            await send_by_itself(session, letter.id, attempt=following[0], at=following[1])


@actor(SEND_DIGEST, Gathered, time_limit=timedelta(seconds=PATIENCE + 15))
async def send_digest(work: Work, gathered: Gathered) -> None:
    """Make one attempt at one mail about everything that was gathered for a person."""
    async with work.look() as session:
        digest = await find_owed_digest(session, gathered.account, at=work.at)
    untaken = refused = ""
    if digest is not None:
        mail = write_digest(digest, gathered, work.outside, agency=work.tenant.name, at=work.at)
        untaken, refused = await _send(work, mail)
    async with work.finish() as session:
        if digest is None:
            return
        if refused:
            await mark_all_refused(session, digest.letters, at=work.at, reason=refused)
        elif not untaken:
            await mark_all_sent(session, digest.letters, at=work.at)
        elif following := await mark_untaken(session, digest.letters, reason=untaken, at=work.at):
            attempt, at = following
            await send_gathered(session, gathered.account, due_at=gathered.due_at, attempt=attempt, at=at)


async def _send(work: Work, mail: EmailMessage) -> tuple[str, str]:
    """Hand it over: why it was not taken now, and why never; both empty when it was taken."""
    try:
        await work.outside.mail.send(mail)
    except MailUnavailable as unavailable:
        return str(unavailable) or "no mail server", ""
    except MailRefused as refusal:
        return "", str(refusal) or "refused"
    return "", ""


@actor("people.forget_old_notices", Nothing)
async def forget(work: Work, payload: Nothing) -> None:
    """Drop notices that nobody will ask about again, and what robots said."""
    async with work.finish() as session:
        kept = await time_kept(session, NOTICES)
        await forget_old_notices(session, at=work.at, kept=kept)
        await forget_old_sayings(session, at=work.at, kept=kept)
        await forget_old_incoming(session, at=work.at, kept=kept)


EVERY_DAY = Schedule(
    name="people.forget_old_notices", actor=forget.name, every=timedelta(days=1), spread=timedelta(hours=1)
)


@dataclass(frozen=True, slots=True)
class Answered:
    """Where a letter is answered to. The token stands in its Message-ID too, for mailboxes that know no tags."""

    address: str
    token: str


async def _answered_at(session: AsyncSession, work: Work, letter: OwedLetter) -> Answered | None:
    """Where the letter can be answered to; None where replies are not taken."""
    box = await find_mailbox(session)
    if box is None or not box.active or not await can_be_answered(session, letter.id):
        return None
    token = token_of(LocalKey(work.outside.secret, work.tenant.id), letter.id)
    return Answered(box.reply_to(token), token)


def write(
    letter: OwedLetter, outside: Outside, *, agency: str, at: datetime, answered: Answered | None = None
) -> EmailMessage:
    """The mail, in the person's language."""
    language = choose(letter.locale)
    link = f"{outside.base_url}/notices/{letter.notice_id}"
    subject, body = (SUBJECT, BODY) if letter.number else (PLAIN_SUBJECT, PLAIN_BODY)
    mail = addressed(letter.to, answered.token if answered else str(letter.id), outside, agency=agency, at=at)
    mail["Subject"] = language.say(subject, number=letter.number)
    answer = NO_ANSWER
    if answered:
        mail["Reply-To"] = answered.address
        answer = ANSWER_IS_MESSAGE if letter.of_merchant else ANSWER_IS_NOTE
    mail.set_content(language.say(body, number=letter.number, link=link, answer=language.say(answer), agency=agency))
    return mail


def write_digest(
    digest: OwedDigest, gathered: Gathered, outside: Outside, *, agency: str, at: datetime
) -> EmailMessage:
    """One mail about several notices: tickets by number with how much waits on each; what is about none is counted."""
    language = choose(digest.locale)
    by_number: dict[str, list[UUID]] = {}
    for notice_id, number in digest.notices:
        by_number.setdefault(number, []).append(notice_id)
    lines = [
        language.say(
            N_("%(about)s：%(count)s 项\n%(link)s"),
            about=language.say(N_("工单 %(number)s"), number=number) if number else language.say(N_("其他事项")),
            count=len(notices),
            link=f"{outside.base_url}/notices/{notices[-1]}" if number else f"{outside.base_url}/notices",
        )
        for number, notices in list(by_number.items())[:MOST_LISTED]
    ]
    count = len(digest.notices)
    # The same for every attempt at the same slot, so that a digest that was sent just before a crash is recognised.
    ident = str(uuid5(gathered.account, gathered.due_at.isoformat()))
    mail = addressed(digest.to, ident, outside, agency=agency, at=at)
    mail["Subject"] = language.say(DIGEST_SUBJECT, count=count)
    mail.set_content(
        language.say(
            DIGEST_BODY,
            count=count,
            lines="\n\n".join(lines),
            link=f"{outside.base_url}/notices",
            wishes=f"{outside.base_url}/account/notifications",
            agency=agency,
        )
    )
    return mail


def addressed(to: str, ident: str, outside: Outside, *, agency: str, at: datetime) -> EmailMessage:
    """A mail without subject and text. `ident` makes its Message-ID, the same for each attempt at it."""
    mail = EmailMessage()
    mail["From"] = Address(display_name=agency, addr_spec=outside.mail_from)
    mail["To"] = to
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{ident}@{urlsplit(outside.base_url).hostname}>"
    # RFC 3834: holiday answers and other robots keep quiet.
    mail["Auto-Submitted"] = "auto-generated"
    return mail
