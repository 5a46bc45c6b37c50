"""What a run of matching found: as arrays of places, and told as values."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import Struct

from billing.reconciliation.columns import Columns, Marks
from billing.reconciliation.duplicates import repeated
from billing.reconciliation.pools import Group, Pairs
from billing.reconciliation.stages import Stage, reason, score
from billing.reconciliation.suggesting import Lookalikes, likely
from tenants.refusals import Message

References = Callable[[UUID], Sequence[str]]


class Match(Struct, frozen=True, kw_only=True):
    """Lines that belong together, or may. `fen` is what the external lines come to more than the internal ones."""

    stage: Stage
    automatic: bool
    score: int
    reason: Message
    fen: int
    external: tuple[UUID, ...]
    internal: tuple[UUID, ...]


class Matches(Struct, frozen=True, kw_only=True):
    """A run told: what is certain, what people decide (the best first), and what one side carries more than once."""

    automatic: tuple[Match, ...]
    suggestions: tuple[Match, ...]
    repeated_external: tuple[tuple[UUID, ...], ...]
    repeated_internal: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """A run as places in the columns of both sides."""

    external: Columns
    internal: Columns
    pairs: list[Pairs]
    groups: list[Group]
    open_external: Marks
    open_internal: Marks
    suggested: list[Group]
    lookalikes: list[Lookalikes]

    def automatic(self) -> Iterator[Match]:
        """The certain matches, stage by stage, one at a time: all of them at once would fill the memory."""
        for pairs in self.pairs:
            for one, other in zip(pairs.external.tolist(), pairs.internal.tolist(), strict=True):
                yield self._told(Group(pairs.stage, (one,), (other,)), automatic=True)
        for group in self.groups:
            yield self._told(group, automatic=True)

    def suggestions(self, references: References, other_references: References) -> list[Match]:
        """What people decide, the best first. The references are asked for only where their likeness counts."""
        found = [self._told(group, automatic=False) for group in self.suggested]
        offered = {(group.external, group.internal) for group in self.suggested}
        for pairs in self.lookalikes:
            texts = {place: references(self.external.id(place)) for place in set(pairs[0].tolist())}
            other_texts = {place: other_references(self.internal.id(place)) for place in set(pairs[1].tolist())}
            for one, other, likeness in likely(pairs, texts, other_texts):
                if ((one,), (other,)) not in offered:
                    found.append(
                        self._told(Group(Stage.LIKENESS, (one,), (other,)), automatic=False, less=100 - likeness)
                    )
        return sorted(found, key=lambda each: (-each.score, each.external, each.internal))

    def repeated_external(self) -> Iterator[tuple[UUID, ...]]:
        """Lines that the external side carries more than once, at least one of them open."""
        return _ids(self.external, repeated(self.external, self.open_external))

    def repeated_internal(self) -> Iterator[tuple[UUID, ...]]:
        """Lines that the internal side carries more than once, at least one of them open."""
        return _ids(self.internal, repeated(self.internal, self.open_internal))

    def told(self, references: References, other_references: References) -> Matches:
        """All of it as values, in an order that does not depend on the order of the lines."""
        automatic = sorted(self.automatic(), key=lambda each: (each.external, each.internal))
        return Matches(
            automatic=tuple(automatic),
            suggestions=tuple(self.suggestions(references, other_references)),
            repeated_external=tuple(self.repeated_external()),
            repeated_internal=tuple(self.repeated_internal()),
        )

    def _told(self, group: Group, *, automatic: bool, less: int = 0) -> Match:
        external, internal = list(group.external), list(group.internal)
        days = self.external.booked_on[external].tolist() + self.internal.booked_on[internal].tolist()
        apart = max(days) - min(days)
        fen = sum(self.external.fen[external].tolist()) - sum(self.internal.fen[internal].tolist())
        count = max(len(external), len(internal))
        return Match(
            stage=group.stage,
            automatic=automatic,
            score=max(0, score(group.stage, automatic=automatic, days=apart) - less),
            reason=reason(group.stage, automatic=automatic, days=apart, fen=fen, count=count),
            fen=fen,
            external=tuple(self.external.id(place) for place in external),
            internal=tuple(self.internal.id(place) for place in internal),
        )


def _ids(lines: Columns, groups: Iterable[tuple[int, ...]]) -> Iterator[tuple[UUID, ...]]:
    return (tuple(lines.id(place) for place in group) for group in groups)
