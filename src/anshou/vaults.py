"""From the settings to the vault of this process: which key management service, and what protects its root key."""

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from anshou.privacy.key_keeping import record_keys_made, suite_of_agency
from anshou.settings import Settings, SettingsInvalid
from confidentiality.audit.cells import record_every_cell
from confidentiality.keys import files, root_key
from confidentiality.keys.aead import KEY_BYTES
from confidentiality.keys.errors import KeyStoreLocked
from confidentiality.keys.kms import Kms
from confidentiality.keys.local_kms import LocalKms
from confidentiality.keys.root_key import Protector
from confidentiality.keys.transit_kms import TransitAddress, TransitKms
from confidentiality.keys.vault import Vault

MACHINE_KEY = "machine-key"
DESTROYED = "destroyed-keys"


def open_vault(settings: Settings, *, secret: bytes, clock: Callable[[], datetime]) -> Vault:
    """The vault that these settings name; `secret` is the root secret's 32 bytes.

    What this process seals from now on is recorded. Blocks for a moment. Raises SettingsInvalid when the key store does
    not open or what protects it is not there.
    """
    record_every_cell()
    return Vault(open_kms(settings, secret=secret), clock=clock, suite_of=suite_of_agency, tell_made=record_keys_made)


def open_kms(settings: Settings, *, secret: bytes) -> Kms:
    """The key management service alone. Raises SettingsInvalid."""
    if settings.kms_url.startswith("transit+"):
        return _transit(settings)
    directory = Path(unquote(urlsplit(settings.kms_url).path))
    protector = _protector(settings, secret)
    try:
        return LocalKms(directory, protector, destroyed=settings.data_dir / DESTROYED)
    except KeyStoreLocked as locked:
        raise SettingsInvalid((f"{_blamed(settings)}: {locked}",)) from None
    except OSError as error:
        raise SettingsInvalid((f"ANSHOU_KMS_URL: {directory} cannot be used ({type(error).__name__})",)) from None


def protect_anew(settings: Settings, secret: bytes, formerly: str, passphrase_file: Path | None) -> None:
    """Wrap the root key of a key store of files as the settings now say, from what has protected it so far.

    Touches no other key. Raises SettingsInvalid.
    """
    if settings.kms_url.startswith("transit+"):
        raise SettingsInvalid(("ANSHOU_KMS_URL: expected a key store of files; a transit engine has no root key here",))
    former = replace(settings, kms_protection=formerly, kms_passphrase_file=passphrase_file)
    directory = Path(unquote(urlsplit(settings.kms_url).path))
    new = _protector(settings, secret)
    try:
        root_key.protect_anew(directory, root_key.open_root(directory, _protector(former, secret)), new)
    except KeyStoreLocked as locked:
        raise SettingsInvalid((f"{_blamed(former)}: {locked}",)) from None


def _transit(settings: Settings) -> Kms:
    name, file = "ANSHOU_KMS_TOKEN_FILE", settings.kms_token_file
    if file is None:
        raise SettingsInvalid((f"{name}: expected a file, because ANSHOU_KMS_URL names a transit engine",))
    if not _read_closed(file, name).strip():
        raise SettingsInvalid((f"{name}: {file} holds no token",))
    parts = urlsplit(settings.kms_url)
    namespace = parse_qs(parts.query).get("namespace", [""])[-1]
    base = f"{parts.scheme.removeprefix('transit+')}://{parts.netloc}"
    return TransitKms(TransitAddress(base, parts.path.strip("/") or "transit", namespace), file)


def _protector(settings: Settings, secret: bytes) -> Protector:
    match settings.kms_protection:
        case "passphrase":
            return Protector("passphrase", _passphrase(settings.kms_passphrase_file))
        case "secret":
            return Protector("secret", secret)
        case _:
            return Protector("machine", _machine_key(settings.data_dir / MACHINE_KEY))


def _passphrase(file: Path | None) -> bytes:
    name = "ANSHOU_KMS_PASSPHRASE_FILE"
    if file is None:
        raise SettingsInvalid((f"{name}: expected a file, because ANSHOU_KMS_PROTECTION is passphrase",))
    read = _read_closed(file, name).rstrip(b"\r\n")
    if not read or b"\n" in read:
        raise SettingsInvalid((f"{name}: {file} does not hold a passphrase on one line",))
    return read


def _machine_key(file: Path) -> bytes:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        files.write_new(file, os.urandom(KEY_BYTES).hex().encode() + b"\n")
    try:
        key = bytes.fromhex(_read_closed(file, "ANSHOU_KMS_PROTECTION").decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsInvalid((f"ANSHOU_KMS_PROTECTION: {file} does not hold {KEY_BYTES} bytes in hexadecimal",))
    return key


def _read_closed(file: Path, name: str) -> bytes:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        content = file.read_bytes()
    except OSError:
        raise SettingsInvalid((f"{name}: {file} cannot be read",)) from None
    # A group may read it: that is how Kubernetes hands a secret to a process that is not root.
    if mode & (stat.S_IWGRP | stat.S_IRWXO):
        raise SettingsInvalid((f"{name}: {file} is open to others; take that away with `chmod 600 {file}`",))
    return content


def _blamed(settings: Settings) -> str:
    passphrase = settings.kms_protection == "passphrase"
    return "ANSHOU_KMS_PASSPHRASE_FILE" if passphrase else "ANSHOU_KMS_PROTECTION"
