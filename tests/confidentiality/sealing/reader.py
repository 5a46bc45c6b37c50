"""Another program: seals and opens by `docs/seal-format.md` alone, without a line of ours but the primitives of pyca.

Slow and plain on purpose; whoever reads sealed values elsewhere may begin here.
"""

import struct
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.hmac import HMAC

Vector = dict[str, str]

AES_SUITE, SM4_SUITE = 1, 2


def bind(*parts: bytes) -> bytes:
    return struct.pack(">I", len(parts)) + b"".join(struct.pack(">I", len(part)) + part for part in parts)


def hmac(suite: int, key: bytes, message: bytes) -> bytes:
    running = HMAC(key, SHA256() if suite == AES_SUITE else SM3())
    running.update(message)
    return running.finalize()


def hkdf(suite: int, key: bytes, info: bytes, length: int = 32, salt: bytes = bytes(32)) -> bytes:
    # Never more than one block of 32 bytes is asked for.
    return hmac(suite, hmac(suite, salt, key), info + b"\x01")[:length]


def gcm(suite: int, key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    encryptor = Cipher(AES(key) if suite == AES_SUITE else SM4(key), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def ungcm(suite: int, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    decryptor = Cipher(AES(key) if suite == AES_SUITE else SM4(key), GCM(nonce, sealed[-16:])).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(sealed[:-16]) + decryptor.finalize()


class Reader:
    """One vector's keys and place."""

    def __init__(self, vector: Vector) -> None:
        def raw(name: str) -> bytes:
            return bytes.fromhex(vector[name].replace("-", "")) if name in vector else b""

        self.suite = int(vector["suite"])
        self.tenant, self.owner, self.row, self.file = raw("tenant"), raw("owner"), raw("row"), raw("file")
        self.data_key, self.index_key = raw("data_key"), raw("index_key")
        self.key_version = struct.pack(">I", int(vector.get("key_version", "1")))
        self.place = [vector.get(name, "").encode() for name in ("table", "column")]
        self.seal_version = struct.pack(">Q", int(vector.get("seal_version", "1")))
        self.scope = [bytes([self.suite]), self.tenant, self.owner, self.key_version]
        self.cipher_key = 32 if self.suite == AES_SUITE else 16

    def cell_header(self) -> bytes:
        commitment = hkdf(self.suite, self.data_key, bind(b"anshou.commitment", *self.scope))
        return b"\xa5SF\x01" + bytes([self.suite]) + self.key_version + commitment

    def _cell(self) -> tuple[bytes, bytes]:
        key = hkdf(self.suite, self.data_key, bind(b"anshou.cell-key", *self.scope), self.cipher_key)
        place = [self.tenant, self.owner, *self.place, self.row, self.seal_version]
        return key, bind(b"anshou.cell", b"\x01", *place)

    def seal_cell(self, text: bytes, nonce: bytes, bucket: int) -> bytes:
        key, bound = self._cell()
        return self.cell_header() + nonce + gcm(self.suite, key, nonce, (text + b"\x80").ljust(bucket, b"\0"), bound)

    def open_cell(self, sealed: bytes) -> bytes:
        key, bound = self._cell()
        assert sealed[:41] == self.cell_header()
        padded = ungcm(self.suite, key, sealed[41:53], sealed[53:], bound).rstrip(b"\0")
        assert padded.endswith(b"\x80")
        return padded[:-1]

    def index_value(self, name: str, bits: int, part: str) -> bytes:
        info = bind(b"anshou.index", bytes([self.suite]), self.tenant, self.owner, *self.place, name.encode())
        digest = int.from_bytes(hmac(self.suite, hkdf(self.suite, self.index_key, info), part.encode()), "big")
        size = -(-bits // 8)
        return (digest >> 256 - bits << size * 8 - bits).to_bytes(size, "big")

    def _file(self, header: bytes) -> tuple[bytes, Callable[[int, bool], bytes], bytes]:
        scope = [*self.scope, self.file]
        file_key = hkdf(self.suite, self.data_key, bind(b"anshou.file-key", *scope), salt=header[10:42])
        assert header[:9] == b"\xa5SS\x01" + bytes([self.suite]) + self.key_version
        assert header[42:] == hkdf(self.suite, file_key, b"anshou.commitment")
        key = hkdf(self.suite, file_key, b"anshou.cipher-key", self.cipher_key)
        bound = bind(b"anshou.file", header, self.tenant, self.owner, self.file)
        return key, lambda number, last: bytes(7) + struct.pack(">I", number) + bytes([last]), bound

    def open_file(self, sealed: bytes) -> bytes:
        header, rest = sealed[:74], sealed[74:]
        key, nonce, bound = self._file(header)
        chunks = list(_chunks(rest, (1 << header[9]) + 16))
        return b"".join(
            ungcm(self.suite, key, nonce(number, number == len(chunks) - 1), chunk, bound)
            for number, chunk in enumerate(chunks)
        )

    def seal_file(self, text: bytes, header: bytes) -> bytes:
        key, nonce, bound = self._file(header)
        chunks = list(_chunks(text, 1 << header[9]))
        return header + b"".join(
            gcm(self.suite, key, nonce(number, number == len(chunks) - 1), chunk, bound)
            for number, chunk in enumerate(chunks)
        )


def _chunks(whole: bytes, size: int) -> Iterator[bytes]:
    yield whole[:size]
    for at in range(size, len(whole), size):
        yield whole[at : at + size]
