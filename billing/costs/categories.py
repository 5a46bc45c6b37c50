"""Which categories of cost a ticket can have (domain.md section 6). Pure."""

from billing.parties import CostCategory

# Worked for, not bought: these amounts come of time entries and rates.
LABOUR = frozenset({CostCategory.LABOUR_OVERTIME, CostCategory.LABOUR_SPECIALIST})

# What any ticket can cost.
GENERAL = LABOUR | {CostCategory.MATERIAL_EQUIPMENT, CostCategory.MATERIAL_LICENCE, CostCategory.COMMUNICATION}

# What only a consumer's case can cost: there are goods to be sent, repaired or made good.
OF_CONSUMERS = frozenset(CostCategory) - GENERAL


def allowed_categories(*, with_consumer: bool) -> tuple[CostCategory, ...]:
    """The categories in their order; those of consumers only where the ticket is about a consumer's case."""
    return tuple(one for one in CostCategory if with_consumer or one in GENERAL)
