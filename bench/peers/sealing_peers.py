"""tink and sqlalchemy-utils: one field sealed and opened, as ratios to bare AES-GCM in the same process."""

import argparse
import json
import os
import sys
import time

import tink
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql
from sqlalchemy_utils import StringEncryptedType
from tink import aead

CALLS = 200
ROUNDS = 121


def ratios(calls, bare) -> dict[str, float]:
    """Time of sealing and opening in the fastest round, as multiples of the bare ones; the rounds alternate."""
    seconds = {name: [] for name in ("seal", "open", "bare_seal", "bare_open")}
    for _ in range(ROUNDS):
        for name, call in (*calls.items(), *bare.items()):
            began = time.perf_counter()
            for _ in range(CALLS):
                call()
            seconds[name].append((time.perf_counter() - began) / CALLS)
    fastest = {name: min(each) for name, each in seconds.items()}
    return {way: fastest[way] / fastest[f"bare_{way}"] for way in ("seal", "open")}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="+")
    found = {"tink": {}, "StringEncryptedType": {}}
    aead.register()
    primitive = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM).primitive(aead.Aead)
    column, dialect = StringEncryptedType(Text, os.urandom(32).hex()), postgresql.dialect()
    key, constant, row = AESGCM(os.urandom(32)), os.urandom(100), os.urandom(16)
    for size in parser.parse_args().sizes:
        text = "x" * size

        def bound() -> bytes:
            return constant + row + (1).to_bytes(8, "big")

        def bare_seal() -> bytes:
            nonce = os.urandom(12)
            return nonce + key.encrypt(nonce, text.encode(), bound())  # noqa: B023  Called within this turn only.

        sealed, by_tink = bare_seal(), primitive.encrypt(text.encode(), bound())
        by_type = column.process_bind_param(text, dialect)
        bare = {
            "bare_seal": bare_seal,
            "bare_open": lambda: key.decrypt(sealed[:12], sealed[12:], bound()).decode(),  # noqa: B023
        }
        found["tink"][size] = ratios(
            {
                "seal": lambda: primitive.encrypt(text.encode(), bound()),  # noqa: B023
                "open": lambda: primitive.decrypt(by_tink, bound()).decode(),  # noqa: B023
            },
            bare,
        )
        found["StringEncryptedType"][size] = ratios(
            {
                "seal": lambda: column.process_bind_param(text, dialect),  # noqa: B023
                "open": lambda: column.process_result_value(by_type, dialect),  # noqa: B023
            },
            bare,
        )
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
