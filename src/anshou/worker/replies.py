"""Looking into the agency's mailbox for replies, and telling those whose reply was not taken."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec

from anshou.language import choose
from anshou.notifying.replies import imap
from anshou.notifying.replies.answering import Correspondence, correspondence, write_down
from anshou.notifying.replies.incoming import ANSWERED, IncomingMail, Outcome, take_once, was_taken
from anshou.notifying.replies.mailbox import TAKE_IN, ReplyMailbox, find_mailbox, look_again, note_look, password_of
from anshou.notifying.replies.reading import File, Reply, read_reply
from anshou.notifying.replies.tokens import letter_of
from anshou.people.cards import reach_of
from anshou.tickets.timeline import LONGEST, StoredFile
from anshou.worker.letters import addressed
from anshou.worker.mail import PATIENCE, MailRefused
from anshou.worker.work import Work, actor
from confidentiality.local_key import LocalKey
from tenants.files import receive_file
from tenants.jobs import enqueue
from tenants.refusals import N_, Refusal

# How often a mailbox is looked into.
EVERY = timedelta(minutes=1)

# Beside its files a mail holds its text, and Base64 makes files a third longer.
ENVELOPE = 1024 * 1024

MOST_FILES = 8

ANSWER = "mail.answer_sender"

SUBJECT = N_("您的邮件回复没有登记到工单 %(number)s")
BODY = N_(
    """您好：

您对工单 %(number)s 的邮件回复没有登记：%(reason)s。

请登录后处理：
%(link)s

本邮件由系统自动发出，请勿回复。
%(agency)s
"""
)


class Generation(msgspec.Struct, frozen=True):
    """The setting of the mailbox to which this look belongs."""

    generation: int


class Refused(msgspec.Struct, frozen=True):
    """Which mail was not taken."""

    mail: UUID


@dataclass(frozen=True, slots=True)
class _Box:
    """What is needed of the mailbox while no transaction is open."""

    entry: imap.Entry
    authority: str
    uid_validity: int | None
    seen_uid: int | None


@actor(TAKE_IN, Generation, time_limit=timedelta(minutes=5))
async def take_in(work: Work, asked: Generation) -> None:
    """Take in what came since the last look, each mail in a transaction of its own, and leave the next look.

    A mailbox that cannot be read is no failure of the job: its administrators read why. A mail that was taken in just
    before a crash is known by its Message-ID.
    """
    key = LocalKey(work.outside.secret, work.tenant.id)
    async with work.look() as session:
        box = _entered(await find_mailbox(session), asked.generation, key)
    found: imap.Look | None = None
    failure: str | None = None
    if box is not None:
        try:
            found = await imap.look(
                box.entry,
                uid_validity=box.uid_validity,
                seen_uid=box.seen_uid,
                largest=work.outside.upload_limit * 4 // 3 + ENVELOPE,
                inside=work.outside.mailbox_hosts,
            )
        except imap.MailboxUnreadable as unreadable:
            failure = str(unreadable)
        for uid, raw in found.messages if found else ():
            await _take(work, box, key, f"{found.uid_validity if found else 0}:{uid}", raw)
    async with work.finish() as session:
        kept = await find_mailbox(session)
        if box is None or kept is None or kept.generation != asked.generation:
            return
        note_look(kept, failure=failure, at=work.at)
        if found is not None:
            kept.uid_validity, kept.seen_uid = found.uid_validity, found.seen_uid
        soon = found is not None and found.more
        await look_again(session, asked.generation, at=work.at + (timedelta(seconds=1) if soon else EVERY))


@actor(ANSWER, Refused, time_limit=timedelta(seconds=PATIENCE + 15))
async def answer_sender(work: Work, refused: Refused) -> None:
    """Tell somebody that their reply was not taken, and why. It quotes nothing of it."""
    async with work.look() as session:
        mail = await session.get(IncomingMail, refused.mail)
        reaches = await reach_of(session, [mail.account_id]) if mail and mail.account_id else []
    if mail is not None and reaches and reaches[0].email:
        language = choose(reaches[0].locale)
        letter = addressed(reaches[0].email, str(mail.id), work.outside, agency=work.tenant.name, at=work.at)
        # RFC 3834: whoever gets this answers nothing by themselves.
        letter.replace_header("Auto-Submitted", "auto-replied")
        letter["Subject"] = language.say(SUBJECT, number=mail.number)
        letter.set_content(
            language.say(
                BODY,
                number=mail.number,
                reason=language.say(mail.outcome.label),
                link=f"{work.outside.base_url}/",
                agency=work.tenant.name,
            )
        )
        # Refused for good: why the reply was not taken stands in the list of what came in.
        with suppress(MailRefused):
            await work.outside.mail.send(letter)
    async with work.finish():
        return


def _entered(box: ReplyMailbox | None, generation: int, key: LocalKey) -> _Box | None:
    if box is None or not box.active or box.generation != generation:
        return None
    entry = imap.Entry(
        host=box.host,
        port=box.port,
        security=box.security,
        username=box.username,
        password=password_of(box, key),
        folder=box.folder,
    )
    return _Box(entry, box.authority, box.uid_validity, box.seen_uid)


async def _take(work: Work, box: _Box, key: LocalKey, place: str, raw: bytes | None) -> None:
    if raw is None:
        await _write_outcome(work, key.mark(place.encode(), purpose="incoming mail").hex(), Outcome.TOO_LARGE, None)
        return
    reply = read_reply(raw)
    mark = key.mark(reply.message_id.encode() or raw, purpose="incoming mail").hex()
    async with work.look() as session:
        if await was_taken(session, mark):
            return
        who = await correspondence(session, letter_of(key, *reply.told_to), reply, authority=box.authority)
    if isinstance(who, Outcome):
        await _write_outcome(work, mark, who, None)
        return
    outcome = await _said(work, who, reply, mark)
    if outcome not in (Outcome.MESSAGE, Outcome.NOTE):
        await _write_outcome(work, mark, outcome, who)


async def _said(work: Work, who: Correspondence, reply: Reply, mark: str) -> Outcome:
    """Write the reply down, together with the row that says so; why not, with nothing written."""
    text = reply.text[:LONGEST]
    if len(reply.files) > MOST_FILES:
        return Outcome.FILES
    try:
        files = [await _stored(work, file) for file in reply.files]
    except Refusal:
        return Outcome.FILES
    said = Outcome.MESSAGE if who.person.is_merchant else Outcome.NOTE
    try:
        async with work.tenants.session(work.tenant, who.person.context()) as session:
            taken = await take_once(
                session, mark, outcome=said, account_id=who.person.id, number=who.number, at=work.at
            )
            if taken is None:
                return said
            outcome = await write_down(session, who, text, files, at=work.at)
            if outcome is not said:
                raise _NotSaid(outcome)
    except _NotSaid as refusal:
        return refusal.outcome
    return said


class _NotSaid(Exception):
    """Raised to leave the transaction of a reply that is not taken, so that nothing of it stays."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.value)


async def _write_outcome(work: Work, mark: str, outcome: Outcome, who: Correspondence | None) -> None:
    async with work.look() as session:
        taken = await take_once(
            session,
            mark,
            outcome=outcome,
            account_id=who.person.id if who else None,
            number=who.number if who else "",
            at=work.at,
        )
        if taken is not None and who is not None and outcome in ANSWERED:
            await enqueue(session, ANSWER, {"mail": str(taken)}, key=f"{ANSWER}:{taken}")


async def _stored(work: Work, file: File) -> StoredFile:
    async def pieces() -> AsyncIterator[bytes]:
        yield file.content

    kept = await receive_file(
        work.outside.storage, work.tenant.schema, file.name, pieces(), limit=work.outside.upload_limit
    )
    return StoredFile(
        name=kept.name, media_type=kept.content_type, size=kept.size, sha256=kept.sha256, storage_key=kept.key
    )
