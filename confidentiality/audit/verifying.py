"""Checking an exported record without the database: everything is computed again from what the leaves say."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from confidentiality.audit.checkpoints import FIRST, Checkpoint, VerifyingKey
from confidentiality.audit.errors import CheckpointInvalid
from confidentiality.audit.merkle import Frontier
from confidentiality.audit.wire import FORMAT, LineUnreadable, Place, read_place


class Fault(StrEnum):
    """What can be wrong with a record."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    FORKED = "forked"
    ROLLED_BACK = "rolled back"
    CHECKPOINT = "checkpoint"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first thing that is wrong: at which place, with which leaf as far as that can be told."""

    fault: Fault
    seq: int | None = None
    leaf_id: UUID | None = None
    told: str

    def __str__(self) -> str:
        where = "" if self.seq is None else f" at seq {self.seq}"
        who = "" if self.leaf_id is None else f", leaf {self.leaf_id}"
        return f"{self.fault}{where}{who}: {self.told}"


@dataclass(slots=True)
class Verdict:
    """What a check came to. `outside` counts the checkpoints from outside that agreed."""

    tenant: UUID | None = None
    size: int = 0
    root: bytes = b""
    checkpoints: int = 0
    outside: int = 0
    unplaced: int = 0
    finding: Finding | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return self.finding is None


class _Wrong(Exception):
    """Raised when the check meets the first thing that is wrong."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


OpenLines = Callable[[], Iterable[str]]


def verify(open_lines: OpenLines, *, published: Sequence[str] = (), key: VerifyingKey | None = None) -> Verdict:
    """Check an export; `open_lines` begins its lines anew, because finding the culprit reads them a second time.

    `published` are notes held outside the database, `key` the verifying key from outside; without them an export is
    checked only against itself. Constant memory but for the list of checkpoints from outside.
    """
    verdict = Verdict()
    try:
        _Check(open_lines, published, key, verdict).run()
    except _Wrong as wrong:
        verdict.finding = wrong.finding
    except LineUnreadable as unreadable:
        verdict.finding = Finding(fault=Fault.UNREADABLE, seq=verdict.size, told=str(unreadable))
    return verdict


@dataclass(slots=True)
class _Check:
    open_lines: OpenLines
    published: Sequence[str]
    key: VerifyingKey | None
    verdict: Verdict
    frontier: Frontier = field(default_factory=Frontier)
    expected: dict[int, list[Checkpoint]] = field(default_factory=dict)
    last: Checkpoint | None = None

    def run(self) -> None:
        lines = _parsed(self.open_lines())
        head = next(lines, None)
        if head is None or head.get("format") != FORMAT:
            raise LineUnreadable(f"not an export of the format {FORMAT}")
        tenant = self.verdict.tenant = UUID(str(head.get("tenant")))
        key = self._key(head)
        for note in self.published:
            stated = self._read(key, note, "a published checkpoint")
            self.expected.setdefault(stated.size, []).append(stated)
        end: dict[str, Any] | None = None
        for line in lines:
            if end is not None:
                raise LineUnreadable("something stands after the end")
            if "seq" in line:
                self._place(read_place(line), tenant)
            elif "checkpoint" in line:
                self._signed(self._read(key, str(line["checkpoint"]), "a checkpoint of the export"))
            elif "end" in line:
                end = line
            else:
                raise LineUnreadable("a line that is neither leaf, checkpoint nor end")
        self._finish(end)

    def _key(self, head: dict[str, Any]) -> VerifyingKey:
        try:
            named = VerifyingKey.parse(str(head.get("key")))
        except CheckpointInvalid as error:
            raise LineUnreadable(str(error)) from None
        if self.key is not None and str(named) != str(self.key):
            raise _Wrong(Finding(fault=Fault.CHECKPOINT, told="the export names another key than the one given"))
        return named

    def _read(self, key: VerifyingKey, note: str, which: str) -> Checkpoint:
        try:
            return key.read(note)
        except CheckpointInvalid as error:
            raise _Wrong(Finding(fault=Fault.CHECKPOINT, told=f"{which}: {error}")) from None

    def _place(self, place: Place, tenant: UUID) -> None:
        seq = self.frontier.size
        if place.seq != seq:
            fault = Fault.REMOVED if place.seq > seq else Fault.INSERTED
            raise _Wrong(Finding(fault=fault, seq=seq, leaf_id=None, told=f"the next place is {place.seq}"))
        if place.content is None:
            raise _Wrong(Finding(fault=Fault.REMOVED, seq=seq, leaf_id=place.leaf_id, told="its leaf is gone"))
        computed = place.content.hash(tenant)
        if computed != place.tree_hash:
            raise _Wrong(self._culprit(place, computed, tenant))
        if computed != place.leaf_hash:
            told = "its stored hash is not that of its content"
            raise _Wrong(Finding(fault=Fault.ALTERED, seq=seq, leaf_id=place.leaf_id, told=told))
        self.frontier.append(computed)
        self._outside()

    def _signed(self, stated: Checkpoint) -> None:
        """A checkpoint stands in an export right after the last leaf that it covers."""
        before = self.last.digest() if self.last is not None else FIRST
        if stated.size != self.frontier.size or stated.previous != before:
            told = f"the checkpoint of {stated.size} leaves is not the next one: one before it is missing or altered"
            raise _Wrong(Finding(fault=Fault.CHECKPOINT, seq=stated.size - 1, told=told))
        if stated.root != self.frontier.root():
            raise _Wrong(self._rewritten(Fault.REWRITTEN, stated, "signed then"))
        self.last = stated
        self.verdict.checkpoints += 1

    def _outside(self) -> None:
        for stated in self.expected.pop(self.frontier.size, ()):
            if stated.root != self.frontier.root():
                raise _Wrong(self._rewritten(Fault.FORKED, stated, "published"))
            self.verdict.outside += 1

    def _rewritten(self, fault: Fault, stated: Checkpoint, when: str) -> Finding:
        # Leaf, place and tree agree with each other and not with the signature: everything was written anew. The first
        # of the leaves between the last root that holds and this one is the earliest that can be wrong.
        first = self.last.size if self.last is not None else 0
        told = f"of the leaves from seq {first} to {stated.size - 1} one is not what was {when}"
        return Finding(fault=fault, seq=first, told=f"{told} (checkpoint of {stated.size} leaves, {stated.at:%F %T}Z)")

    def _finish(self, end: dict[str, Any] | None) -> None:
        size = self.frontier.size
        self.verdict.size, self.verdict.root = size, self.frontier.root()
        if self.expected:
            missing = min(self.expected)
            told = f"{missing} leaves were published, the record has {size}: an older state was put back"
            raise _Wrong(Finding(fault=Fault.ROLLED_BACK, seq=size, told=told))
        if end is None or end.get("end") != size:
            raise _Wrong(Finding(fault=Fault.REMOVED, seq=size, told="the export ends too early"))
        if size and (self.last is None or self.last.size != size):
            told = "no checkpoint covers the last leaves"
            raise _Wrong(Finding(fault=Fault.CHECKPOINT, seq=self.last.size if self.last else 0, told=told))
        self.verdict.unplaced = int(end.get("unplaced", 0))

    def _culprit(self, place: Place, computed: bytes, tenant: UUID) -> Finding:
        """What happened at the first place whose leaf is not the one that the tree has there."""
        belongs = moved = None
        for line in _parsed(self.open_lines()):
            if "seq" not in line:
                continue
            other = read_place(line)
            if other.tree_hash == computed:
                belongs = other.seq
            if place.tree_hash is not None and other.content and other.content.hash(tenant) == place.tree_hash:
                moved = other.seq
        if place.tree_hash is None or (belongs is None and moved is not None):
            fault, told = Fault.INSERTED, "the tree never had this leaf"
        elif belongs is not None and moved is None:
            fault, told = Fault.REMOVED, f"the leaf that was here is gone, the one of seq {belongs} stands in its place"
            return Finding(fault=fault, seq=place.seq, told=told)
        elif belongs is not None:
            fault, told = Fault.REORDERED, f"it belongs to seq {belongs}; the leaf of this place is at seq {moved}"
        else:
            fault, told = Fault.ALTERED, "its content is not what the tree was made of"
        return Finding(fault=fault, seq=place.seq, leaf_id=place.leaf_id, told=told)


def _parsed(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        try:
            parsed = json.loads(line)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise LineUnreadable(f"line {number} is not a JSON object")
        yield parsed
