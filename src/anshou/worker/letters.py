"""Letters by mail: that something waits, about which ticket, and where to look. Never what it says."""

from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from anshou.language import choose
from anshou.notifying.robots.sayings import forget_old_sayings
from anshou.people.letters import OwedLetter, find_owed_letter, mark_refused, mark_sent
from anshou.people.notices import forget_old_notices
from anshou.privacy.retention.of_upkeep import NOTICES
from anshou.privacy.retention.periods import time_kept
from anshou.worker.mail import PATIENCE, MailRefused
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Outside, Work, actor
from tenants.refusals import N_

SUBJECT = N_("工单 %(number)s 有新的事项，请查看")
BODY = N_(
    """您好：

工单 %(number)s 有新的事项等待您查看：
%(link)s

为保护商家信息，邮件中不包含工单内容。本邮件由系统自动发出，请勿回复。
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


class Owed(msgspec.Struct, frozen=True):
    """Which letter."""

    letter: UUID


# Twenty attempts span half a day: a mail server that is down overnight loses nothing.
@actor("people.send_letter", Owed, attempts=20, time_limit=timedelta(seconds=PATIENCE + 15))
async def send_letter(work: Work, owed: Owed) -> None:
    """Send one letter. No transaction is open while the mail server takes its time.

    A process that dies after sending sends again; it is the same Message-ID, so the folder keeps one file and mailboxes
    show one letter.
    """
    async with work.look() as session:
        letter = await find_owed_letter(session, owed.letter)
    record = None
    if letter is not None:
        record = mark_sent
        try:
            await work.outside.mail.send(write(letter, work.outside, agency=work.tenant.name, at=work.at))
        except MailRefused:
            record = mark_refused
    async with work.finish() as session:
        if record is not None:
            await record(session, owed.letter, at=work.at)


@actor("people.forget_old_notices", Nothing)
async def forget(work: Work, payload: Nothing) -> None:
    """Drop notices that nobody will ask about again, and what robots said."""
    async with work.finish() as session:
        kept = await time_kept(session, NOTICES)
        await forget_old_notices(session, at=work.at, kept=kept)
        await forget_old_sayings(session, at=work.at, kept=kept)


EVERY_DAY = Schedule(
    name="people.forget_old_notices", actor=forget.name, every=timedelta(days=1), spread=timedelta(hours=1)
)


def write(letter: OwedLetter, outside: Outside, *, agency: str, at: datetime) -> EmailMessage:
    """The mail, in the person's language."""
    language = choose(letter.locale)
    link = f"{outside.base_url}/notices/{letter.notice_id}"
    mail = EmailMessage()
    mail["From"] = Address(display_name=agency, addr_spec=outside.mail_from)
    mail["To"] = letter.to
    subject, body = (SUBJECT, BODY) if letter.number else (PLAIN_SUBJECT, PLAIN_BODY)
    mail["Subject"] = language.say(subject, number=letter.number)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{letter.id}@{urlsplit(outside.base_url).hostname}>"
    # RFC 3834: holiday answers and other robots keep quiet.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(language.say(body, number=letter.number, link=link, agency=agency))
    return mail
