"""A table with sealed fields that exists for these tests only, and key rings made of plain random bytes."""

import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped

from confidentiality.sealing import masks
from confidentiality.sealing.ddl import SEAL_VERSION, sealed_columns, sealed_indexes
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.finding import exact, last
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.suites import Suite
from tenants.base import Base, MerchantRow, new_id

TENANT, OTHER_TENANT = UUID(int=1), UUID(int=2)
MERCHANT, OTHER_MERCHANT = UUID(int=3), UUID(int=4)

PHONE = "13812341234"
NAME = "张三丰"


class TrialBase(DeclarativeBase):
    """A base of its own, so that the product's tables stay what they are."""

    type_annotation_map = {UUID: Uuid()}  # noqa: RUF012  SQLAlchemy reads this class attribute itself.
    __init__ = Base.__init__  # type: ignore[assignment]


class Buyer(MerchantRow, SealedRow, TrialBase):
    """Somebody with a phone."""

    __tablename__ = "trial_buyer"

    phone: Mapped[Sealed[str]] = sealed(find=(exact(), last(4)), mask=masks.phone, label="电话")
    name: Mapped[Sealed[str] | None] = sealed(mask=masks.name, pad=32, label="姓名")
    amount: Mapped[Sealed[int] | None] = sealed(int, label="金额")


class Note(MerchantRow, SealedRow, TrialBase):
    """Another table with a column of the same name."""

    __tablename__ = "trial_note"

    phone: Mapped[Sealed[str] | None] = sealed(find=(exact(unique=True),), mask=masks.phone)


DDL = f"""
CREATE TABLE trial_buyer (id uuid PRIMARY KEY, merchant_id uuid NOT NULL, {SEAL_VERSION},
{sealed_columns("phone", find=("exact", "last4"))},
{sealed_columns("name", nullable=True)},
{sealed_columns("amount", nullable=True)});
{sealed_indexes("trial_buyer", "phone", find=("exact", "last4"))}
CREATE TABLE trial_note (id uuid PRIMARY KEY, merchant_id uuid NOT NULL, {SEAL_VERSION},
{sealed_columns("phone", find=("unique",), nullable=True)});
{sealed_indexes("trial_note", "phone", find=("unique",))}
"""


def keys(*versions: int) -> Mapping[int, bytes]:
    """Random data keys of these versions."""
    return {version: os.urandom(32) for version in versions}


def new_ring(**given: Any) -> KeyRing:
    """The ring of the merchant, or as given."""
    made: dict[str, Any] = {
        "tenant": TENANT,
        "owner": MERCHANT,
        "suite": Suite.AES_256_GCM,
        "current": 1,
        "data_keys": keys(1),
        "index_key": os.urandom(32),
    }
    return KeyRing(**(made | given))


def new_buyer(ring: KeyRing, **texts: Any) -> Buyer:
    """A buyer of the ring's owner with sealed fields."""
    buyer = Buyer(id=new_id(), merchant_id=ring.owner)
    ring.seal(buyer, **({"phone": PHONE, "name": NAME} | texts))
    return buyer
