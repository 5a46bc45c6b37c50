"""Each day's checkpoint by mail, to addresses outside this house: a file may be changed, a letter was read."""

from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from anshou.worker.mail import PATIENCE
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor
from confidentiality.audit.checkpoints import CheckpointKey
from confidentiality.audit.tree import AuditCheckpoint, newest_checkpoint

# For whoever runs the house and for auditors' archives: the note is the same in every language, and so is the letter.
_BODY = """\
%(size)d leaves of the audit record of %(agency)s are covered by this checkpoint. Keep it.

%(note)s
Verify with: anshou audit verify EXPORT --checkpoint FILE --key KEY
KEY: %(key)s
"""


@actor("audit.mail_checkpoint", Nothing, attempts=20, time_limit=timedelta(seconds=2 * PATIENCE + 15))
async def mail_checkpoint(work: Work, _: Nothing) -> None:
    """Send the newest checkpoint. No transaction is open while the mail server takes its time.

    One letter to all addresses, so a job that is done again sends the same letter again.
    """
    async with work.look() as session:
        newest = await newest_checkpoint(session)
    if newest is not None and work.outside.checkpoints_to:
        await work.outside.mail.send(write(newest, work))
    async with work.finish():
        pass


EVERY_DAY = Schedule(
    name="audit.mail_checkpoint", actor=mail_checkpoint.name, every=timedelta(days=1), spread=timedelta(hours=1)
)


def write(checkpoint: AuditCheckpoint, work: Work) -> EmailMessage:
    """The letter: the note in its text, to be found again, and as a file, to be kept."""
    key = CheckpointKey(work.outside.secret, work.tenant.id).verifying
    letter = EmailMessage()
    letter["From"] = Address(display_name=work.tenant.name, addr_spec=work.outside.mail_from)
    letter["To"] = ", ".join(work.outside.checkpoints_to)
    letter["Subject"] = f"Audit checkpoint {work.tenant.code} {checkpoint.size}"
    letter["Date"] = format_datetime(checkpoint.made_at)
    host = urlsplit(work.outside.base_url).hostname
    letter["Message-ID"] = f"<checkpoint-{checkpoint.size}-{checkpoint.root.hex()[:16]}.{work.tenant.id}@{host}>"
    said = {"size": checkpoint.size, "agency": work.tenant.name, "note": checkpoint.note, "key": key}
    letter.set_content(_BODY % said)
    letter.add_attachment(checkpoint.note, filename=f"checkpoint-{work.tenant.code}-{checkpoint.size}.txt")
    return letter
