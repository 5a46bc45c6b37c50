"""Who acts, and in which capacity: the value that every verb takes as `by`."""

from dataclasses import dataclass
from uuid import UUID

from anshou.people.roles import ASSIGNED_ROLES, Department, Role, Scope
from confidentiality.audit.actors import Actor, Side
from tenants.context import Context
from tenants.refusals import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person for the length of one request or job.

    `merchant_id` is set for a merchant's people and names the merchant they act for now; `roles` are then those of
    that membership. `departments` are those of the specialist and supervisor grants, `supervises` those of the
    supervisor grants alone. `scopes` narrows what the roles grant when an API key acts; None means that nothing is
    narrowed.
    """

    id: UUID
    name: str
    roles: frozenset[Role]
    departments: frozenset[Department] = frozenset()
    supervises: frozenset[Department] = frozenset()
    merchant_id: UUID | None = None
    locale: str = "zh-CN"
    scopes: frozenset[Scope] | None = None

    @property
    def is_merchant(self) -> bool:
        """Whether this person acts for a merchant and not for the agency."""
        return self.merchant_id is not None

    @property
    def is_system(self) -> bool:
        """Whether nobody acts but the worker itself."""
        return self.id == SYSTEM_ID

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of these roles."""
        return not self.roles.isdisjoint(roles)

    def context(self) -> Context:
        """The row-level-security context that this person's transactions run in.

        Whoever holds only front-desk roles, or none, is fenced to the merchants assigned to them; every other role of
        the agency works across merchants and is narrowed by permissions and departments instead.
        """
        if self.merchant_id is not None:
            return Context("merchant", person=self.id, merchant=self.merchant_id)
        if self.is_system:
            return Context("agency", person=self.id)
        return Context("staff" if self.roles <= ASSIGNED_ROLES else "agency", person=self.id)

    def actor(self) -> Actor:
        """How the audit record names this person."""
        side: Side = "system" if self.is_system else "merchant" if self.is_merchant else "agency"
        return Actor(self.id, self.name, side, self.merchant_id)


SYSTEM_ID = UUID(int=0)

SYSTEM = Person(id=SYSTEM_ID, name=N_("系统"), roles=frozenset())
