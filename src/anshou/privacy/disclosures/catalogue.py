"""What can be handed out at all. The one list: a table that is not here cannot be named in a request or an export."""

from anshou.consumers.records import ConsumerRecord
from anshou.merchants.accounts import SettlementAccount
from anshou.privacy.disclosures.sources import Source
from anshou.tickets.sealed_contents import SealedContent
from confidentiality.sealing.fields import sealed_fields
from tenants.refusals import N_


def _labels(model: type) -> dict[str, str]:
    return {name: field.label for name, field in sealed_fields(model).items()}


SOURCES: tuple[Source, ...] = (
    Source(
        model=ConsumerRecord,
        label=N_("消费者记录"),
        fields=_labels(ConsumerRecord),
        identity="origin_id",
        only=(ConsumerRecord.ended_at.is_(None),),
        # What somebody bought and how they used it is intimate where the product is (domain.md 7.3; PIPL art. 28).
        is_sensitive=lambda row: bool(row.is_private),
    ),
    Source(
        model=SettlementAccount,
        label=N_("结算账户"),
        fields=_labels(SettlementAccount),
        only=(SettlementAccount.retired_at.is_(None),),
        # PIPL art. 28 names financial accounts; identity numbers it means by "specific identity".
        sensitive=frozenset({"number", "identity_number"}),
    ),
    Source(
        model=SealedContent,
        label=N_("保密工单"),
        fields={"content": _labels(SealedContent)["content"]},
        # What the matter is about, and not what was said on it: a thread holds the agency's own notes as well.
        only=(SealedContent.of_table == "ticket",),
    ),
)


def find_source(table: str) -> Source | None:
    """The source of a table."""
    return next((source for source in SOURCES if source.table == table), None)


def field_choices() -> list[tuple[str, str, str, bool]]:
    """Every field that can be asked for: `table.column`, the table's label, its own, whether it is always sensitive."""
    return [
        (f"{source.table}.{column}", source.label, label, column in source.sensitive)
        for source in SOURCES
        for column, label in source.fields.items()
    ]
