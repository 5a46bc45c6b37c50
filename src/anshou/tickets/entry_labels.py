"""What an entry of the timeline is called. Moves have their names from the process, events theirs from here."""

from anshou.tickets.entries import Entry
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_

OPEN = "open"
IMPORTED = "imported"
ANSWERED = "merchant_answered"
CLOCK_WARNING = "clock_warning"
CLOCK_BREACH = "clock_breach"
CLOCK_LATE = "clock_late"
MARKED_CONFIDENTIAL = "marked_confidential"
CONSUMER_ADDED = "consumer_added"
CONSUMER_CORRECTED = "consumer_corrected"
CONSUMER_REMOVED = "consumer_removed"

EVENT_LABELS = {
    OPEN: N_("提交问题"),
    IMPORTED: N_("由台账导入"),
    ANSWERED: N_("商家已答复，恢复处理"),
    CLOCK_WARNING: N_("即将超时"),
    CLOCK_BREACH: N_("已超时"),
    CLOCK_LATE: N_("严重超时"),
    MARKED_CONFIDENTIAL: N_("标为保密工单"),
    CONSUMER_ADDED: N_("添加了消费者记录"),
    CONSUMER_CORRECTED: N_("更正了消费者记录"),
    CONSUMER_REMOVED: N_("移除了消费者记录"),
}


def label_of(ticket: Ticket, entry: Entry) -> str:
    """The entry's name in Chinese: its event, its move, or its sort."""
    if entry.move is None:
        return entry.sort.label
    return EVENT_LABELS.get(entry.move) or ticket.process.move(entry.move).label
