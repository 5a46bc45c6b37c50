"""The table of the environment's variables: what each is called, means, accepts, and is without being given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anshou import setting_values as values


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment."""

    name: str
    default: str
    read: Callable[[str], Any]
    expected: str
    meaning: str
    secret: bool = False

    @property
    def field(self) -> str:
        """The name of its field in `Settings`."""
        return self.name.removeprefix("ANSHOU_").lower()


VARIABLES = (
    Variable(
        "ANSHOU_DATA_DIR",
        ".anshou",
        values.path,
        "a path of a directory",
        "Where the embedded PostgreSQL, the root secret and uploaded files live. Relative to the working directory.",
    ),
    Variable(
        "ANSHOU_DATABASE_URL",
        "",
        values.url("postgresql", empty=True),
        "empty, or postgresql://owner@host:port/database",
        "An existing PostgreSQL 15–18, reached as a role that may create roles and schemas. Empty: the embedded one.",
        secret=True,
    ),
    Variable(
        "ANSHOU_HOST",
        "127.0.0.1",
        values.host,
        "an address or a host name to listen on",
        "The address on which the web server listens.",
    ),
    Variable(
        "ANSHOU_PORT",
        "8000",
        values.whole(1, 65535),
        "a whole number from 1 to 65535",
        "The port on which the web server listens.",
    ),
    Variable(
        "ANSHOU_BASE_URL",
        "",
        values.url("http", "https", empty=True),
        "empty, or http(s)://host without a path",
        "The address that people type. Links in mail use it; https makes cookies `Secure`. Empty: `http://HOST:PORT`.",
    ),
    Variable(
        "ANSHOU_WEB_WORKERS",
        "1",
        values.whole(1, 64),
        "a whole number from 1 to 64",
        "Web server processes.",
    ),
    Variable(
        "ANSHOU_TRUSTED_PROXIES",
        "127.0.0.1",
        values.words,
        "addresses or networks, separated by commas",
        "Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    ),
    Variable(
        "ANSHOU_WORKER_THREADS",
        "8",
        values.whole(1, 256),
        "a whole number from 1 to 256",
        "Jobs that one worker process carries out at the same time.",
    ),
    Variable(
        "ANSHOU_DATABASE_CONNECTIONS",
        "32",
        values.whole(4, 500),
        "a whole number from 4 to 500",
        "Most connections of one process in its tenant-affine pool.",
    ),
    Variable(
        "ANSHOU_DATABASE_TOLERATE",
        "",
        values.some_of("log", "plain-text"),
        "empty, or log, plain-text or both, separated by commas",
        "What to put up with in an existing PostgreSQL, with a warning at each start: `log`, that its settings let "
        "confidential content into its log; `plain-text`, that it is elsewhere and reached without TLS.",
    ),
    Variable(
        "ANSHOU_SECRET_FILE",
        "",
        values.path_or_empty,
        "empty, or a path of a file that is closed to others",
        "The root secret: 32 random bytes in hexadecimal. Empty: `secret` in the data directory, made at the first "
        "start with the embedded database. Whoever loses it loses the sealed data.",
    ),
    Variable(
        "ANSHOU_KMS_URL",
        "",
        values.url("file", "transit+https", "transit+http", empty=True),
        "empty, file:///directory, or transit+https://host:port/mount?namespace=…",
        "Where the wrapping keys of confidential data are kept, outside the database: in files, or in the transit "
        "engine of an OpenBao or Vault. Empty: `keys` in the data directory. Every process of the installation needs "
        "the same one.",
    ),
    Variable(
        "ANSHOU_KMS_PROTECTION",
        "machine",
        values.one_of("machine", "passphrase", "secret"),
        "machine, passphrase or secret",
        "What protects the root key of a key store of files: the file `machine-key` in the data directory, made at the "
        "first start; a passphrase; or the root secret.",
    ),
    Variable(
        "ANSHOU_KMS_PASSPHRASE_FILE",
        "",
        values.path_or_empty,
        "empty, or a path of a file that is closed to others",
        "The passphrase of the key store, on one line; needed where `ANSHOU_KMS_PROTECTION` is `passphrase`.",
    ),
    Variable(
        "ANSHOU_KMS_TOKEN_FILE",
        "",
        values.path_or_empty,
        "empty, or a path of a file that is closed to others",
        "The token for the transit engine; read again when it is refused, so that an agent may renew it.",
    ),
    Variable(
        "ANSHOU_SMTP_URL",
        "",
        values.url("smtp", "smtps", "smtp+starttls", empty=True),
        "empty, or smtp://, smtps:// or smtp+starttls://user:password@host:port",
        "The mail server. Empty: letters are written to `mail` in the data directory and sent to nobody.",
        secret=True,
    ),
    Variable(
        "ANSHOU_MAIL_FROM",
        "anshou@localhost",
        values.address,
        "a mail address",
        "The sender of notices.",
    ),
    Variable(
        "ANSHOU_STORAGE_URL",
        "",
        values.url("file", "s3", empty=True),
        "empty, file:///directory, or s3://bucket?endpoint=…&region=…",
        "Where attachments are kept. Empty: `objects` in the data directory. A bucket's credentials are given as "
        "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or are the machine's own.",
        secret=True,
    ),
    Variable(
        "ANSHOU_CHECKPOINT_DIR",
        "",
        values.path_or_empty,
        "empty, or a path of a directory",
        "Where signed checkpoints of the audit record are published. Best on storage that the administrators of the "
        "database cannot change. Empty: `checkpoints` in the data directory.",
    ),
    Variable(
        "ANSHOU_ERASURES_URL",
        "",
        values.url("file", "s3", empty=True),
        "empty, file:///directory, or s3://bucket?endpoint=…&region=…",
        "Where the list of erasures is kept, so that what was erased stays erased after a backup is restored: restore "
        "it never with the database, keep it apart. Ids and times only. Empty: `erasures` in the data directory.",
        secret=True,
    ),
    Variable(
        "ANSHOU_CHECKPOINT_MAIL",
        "",
        values.addresses,
        "empty, or mail addresses separated by commas",
        "To whom the newest checkpoint of every tenant is mailed once a day, e.g. an auditor's archive.",
    ),
    Variable(
        "ANSHOU_BROKER_URL",
        "",
        values.url("amqp", "amqps", empty=True),
        "empty, or amqp(s)://user:password@host:port/vhost",
        "The RabbitMQ through which workers share jobs. Empty: one worker process with a broker in memory. "
        "Jobs are rows in PostgreSQL either way and survive the broker.",
        secret=True,
    ),
    Variable(
        "ANSHOU_UPLOAD_LIMIT",
        "25",
        values.whole(1, 1024),
        "a whole number of MiB from 1 to 1024",
        "Largest attachment, in MiB.",
    ),
    Variable(
        "ANSHOU_WEBHOOKS_TO_PRIVATE",
        "no",
        values.yes_or_no,
        "yes or no",
        "Whether webhooks may go to private, loopback and link-local addresses. Only where every agency is trusted.",
    ),
    Variable(
        "ANSHOU_ROBOT_HOSTS",
        "",
        values.words,
        "empty, or host names separated by commas",
        "Hosts to which group robots may speak besides those of WeCom, DingTalk and Feishu, e.g. a relay in the own "
        "network; they may be private.",
    ),
    Variable(
        "ANSHOU_MAILBOX_HOSTS",
        "",
        values.words,
        "empty, or host names separated by commas",
        "IMAP servers in the own network from which agencies may take in replies by mail; others must have a public "
        "address and TLS.",
    ),
    Variable(
        "ANSHOU_API_RATE",
        "600",
        values.whole(1, 1_000_000),
        "a whole number from 1 to 1000000",
        "Requests that one API key may make in a minute, in each web process.",
    ),
    Variable(
        "ANSHOU_DEMO",
        "yes",
        values.yes_or_no,
        "yes or no",
        "Whether `anshou run` loads the demo agencies into an embedded database that is still empty.",
    ),
    Variable(
        "ANSHOU_LOG_LEVEL",
        "info",
        values.one_of("debug", "info", "warning", "error"),
        "debug, info, warning or error",
        "How much is logged. No level logs confidential values.",
    ),
)
