"""The three processes by kind: the one table from which every door takes what may be done."""

from anshou.tickets import contract_dispute, data_anomaly, service_quality
from anshou.tickets.kinds import Kind
from anshou.tickets.process import Process
from anshou.tickets.records import Record

PROCESSES: dict[Kind, Process] = {
    process.kind: process for process in (service_quality.PROCESS, data_anomaly.PROCESS, contract_dispute.PROCESS)
}


def record_type(kind: Kind, move: str) -> type[Record]:
    """What must be recorded with a move of this kind of ticket. Raises MoveUnknown."""
    return PROCESSES[kind].move(move).record
