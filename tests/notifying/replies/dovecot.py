"""A real IMAP server on the loopback, with a mailbox of its own, without a network."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path
from typing import Any

from tests.machine import MAILBOXES, require
from tests.notifying.replies.certificates import Certificate
from tests.ports import free_port

PASSWORD = "loopback"

_CONFIG = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
{tls}
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{home}/mail
first_valid_uid = 0
mail_uid = {user}
mail_gid = {group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/home
}}
"""


@dataclass
class MailServer:
    """The server. Every name signs in to the one mailbox. `tls_port` is 0 where it has no certificate."""

    port: int
    tls_port: int = 0

    def deliver(self, mail: bytes) -> None:
        """Put a mail into the inbox, as a mail server does."""
        with IMAP4("127.0.0.1", self.port) as box:
            box.login("reply", PASSWORD)
            status, _ = box.append("INBOX", "", "", mail)
            assert status == "OK"

    def flags(self) -> list[bytes]:
        """The flags of every mail in the inbox."""
        with IMAP4("127.0.0.1", self.port) as box:
            box.login("reply", PASSWORD)
            box.select("INBOX", readonly=True)
            return [one for one in box.fetch("1:*", "(FLAGS)")[1] if isinstance(one, bytes)]


@contextmanager
def running_dovecot(certificate: Certificate | None = None) -> Iterator[MailServer]:
    """Dovecot, as long as the block lasts. It refuses to serve as root: for root it runs as nobody.

    With a certificate it offers STARTTLS on the one port and TLS on the other.
    """
    program = require(MAILBOXES)
    account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    port, tls_port = free_port(), free_port() if certificate else 0
    home = Path(tempfile.mkdtemp(prefix="anshou-dovecot-"))
    group = grp.getgrgid(account.pw_gid).gr_name
    config = home / "dovecot.conf"
    tls = "ssl = no"
    if certificate:
        for file in (certificate.chain, certificate.key):
            shutil.copy(file, home / file.name)
            os.chown(home / file.name, account.pw_uid, account.pw_gid)
        tls = f"ssl = yes\nssl_cert = <{home / certificate.chain.name}\nssl_key = <{home / certificate.key.name}"
    config.write_text(
        _CONFIG.format(
            home=home, user=account.pw_name, group=group, port=port, tls=tls, tls_port=tls_port, password=PASSWORD
        )
    )
    for place in (home, home / "run", home / "mail", home / "home"):
        place.mkdir(exist_ok=True)
        os.chown(place, account.pw_uid, account.pw_gid)
    as_somebody: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    )
    running = subprocess.Popen([program, "-F", "-c", config], env={**os.environ, "LANG": "C"}, **as_somebody)
    try:
        _wait(port, running, home / "log")
        yield MailServer(port, tls_port)
    finally:
        running.terminate()
        running.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _wait(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    began = time.monotonic()
    while running.poll() is None and time.monotonic() - began < 90:
        try:
            with IMAP4("127.0.0.1", port, timeout=2) as box:
                box.login("reply", PASSWORD)
                return
        except (OSError, IMAP4.error):
            time.sleep(0.1)
    raise RuntimeError(f"dovecot did not start: {log.read_text()[-2000:] if log.exists() else ''}")
