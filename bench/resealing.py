"""Sealing anew under a new data key, against the least that it could take.

The reference reads the rows in the same batches with the bare driver, as a superuser whom no policy binds, opens and
seals each cell with bare AES-GCM, and updates by id: no header, no padding, no lock, no comparison with the old
ciphertext and no note for the audit record. Ours is what a worker's job does for a batch, in a transaction of the
product.
"""

import os
import time
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.ground import Ground
from bench.rows import Row, at_least
from bench.sealed_rows import Crowd, SealedConsumer, consumers
from confidentiality.keys.resealing import BATCH, reseal_batch
from confidentiality.sealing.cells import take_noted
from confidentiality.sealing.ring import KeyRing
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.sessions import Tenants

ROWS = 10_000
ROUNDS = 20
LEAST = 0.7

_NONCE = 12
# Bytes of a sealed value besides its padded text: header, nonce and tag.
_SEALED_AROUND = 69
_FIRST = UUID(int=0)

_BARE = """
CREATE TABLE bench_bare (LIKE bench_sealed INCLUDING INDEXES INCLUDING DEFAULTS);
INSERT INTO bench_bare SELECT * FROM bench_sealed;
"""
_READ = """
SELECT id, phone, name, address FROM bench_bare WHERE merchant_id = $1 AND id > $2 ORDER BY id LIMIT $3
"""
_WRITE = "UPDATE bench_bare SET phone = $2, name = $3, address = $4 WHERE id = $1"


async def measure(ground: Ground) -> list[Row]:
    """Rows per second, ours over the reference's, in alternating rounds."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    superuser = await ground.superuser()
    ours: list[float] = []
    bare: list[float] = []
    try:
        async with consumers(ground, ROWS) as crowd:
            await superuser.execute(f'SET search_path = "{crowd.tenant.schema}"')
            await superuser.execute(_BARE)
            key = os.urandom(32)
            await _bare_round(superuser, crowd.merchant, None, AESGCM(key))
            for number in range(ROUNDS):
                for table in ("bench_sealed", "bench_bare"):
                    # Dead rows of the round before must not be carried by the next one.
                    await superuser.execute(f"VACUUM {table}")
                # Each goes first every other time: what slows the machine down for a while slows both alike.
                for is_ours in (number % 2 == 0, number % 2 == 1):
                    if is_ours:
                        ours.append(await _our_round(tenants, crowd, _ring(crowd, number + 2)))
                    else:
                        old, new = AESGCM(key), AESGCM(key := os.urandom(32))
                        bare.append(await _bare_round(superuser, crowd.merchant, old, new))
            await superuser.execute("DROP TABLE bench_bare")
    finally:
        await superuser.close()
        await tenants.close()
    ratio = _median(ours) / _median(bare)
    detail = f"{_median(ours):,.0f} rows/s of three cells, the reference {_median(bare):,.0f}; batches of {BATCH:,}"
    return [at_least("re-sealing, rows per second, against bare open + seal + UPDATE", ratio, LEAST, detail=detail)]


async def _our_round(tenants: Tenants, crowd: Crowd, ring: KeyRing) -> float:
    after, done = None, 0
    began = time.perf_counter()
    while True:
        async with tenants.session(crowd.tenant, AGENCY) as session:
            batch = await reseal_batch(session, ring, SealedConsumer, after=after)
            take_noted(session.sync_session)
        done, after = done + batch.rows, batch.after
        if after is None:
            break
    assert done == ROWS, done
    return done / (time.perf_counter() - began)


async def _bare_round(superuser: asyncpg.Connection, merchant: UUID, old: AESGCM | None, new: AESGCM) -> float:
    after, done = _FIRST, 0
    began = time.perf_counter()
    while True:
        async with superuser.transaction():
            rows = await superuser.fetch(_READ, merchant, after, BATCH)
            written = []
            for row in rows:
                bound = row["id"].bytes
                sealed = (row["phone"], row["name"], row["address"])
                if old is None:
                    # Before the first round the product's own ciphertexts stand there: of about the same length.
                    texts = [cell[_SEALED_AROUND:] for cell in sealed]
                else:
                    texts = [old.decrypt(cell[:_NONCE], cell[_NONCE:], bound) for cell in sealed]
                cells = []
                for text in texts:
                    nonce = os.urandom(_NONCE)
                    cells.append(nonce + new.encrypt(nonce, text, bound))
                written.append((row["id"], *cells))
            await superuser.executemany(_WRITE, written)
        done += len(rows)
        if len(rows) < BATCH:
            break
        after = rows[-1]["id"]
    return done / (time.perf_counter() - began)


def _ring(crowd: Crowd, version: int) -> KeyRing:
    """The crowd's keys after so many rotations: each version's key is the first one's but for the last byte."""
    first = crowd.ring._keys.key(1)
    keys = {1: first} | {number: first[:-1] + bytes([number]) for number in range(2, version + 1)}
    return KeyRing(
        tenant=crowd.tenant.id,
        owner=crowd.merchant,
        suite=crowd.ring.suite,
        current=version,
        data_keys=keys,
        index_key=os.urandom(32),
    )


def _median(figures: list[float]) -> float:
    return sorted(figures)[len(figures) // 2]
