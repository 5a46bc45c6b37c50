"""What goes wrong between a tenant and its database."""

from tenants.refusals import N_, Conflict, Invalid, NotFound


class TenantNotFound(NotFound):
    """Raised when no tenant has this code or id."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到该代运营公司，请核对公司代码。"))


class TenantSuspended(Conflict):
    """Raised when something would be written for a suspended tenant; reading goes on."""

    def __init__(self) -> None:
        super().__init__(N_("贵公司的服务已暂停，目前只能查看，不能修改。请联系平台运营方恢复服务。"))


class TenantCodeTaken(Conflict):
    """Raised when a tenant is created with the code of another."""

    def __init__(self, code: str) -> None:
        super().__init__(N_("公司代码 %(code)s 已被使用，请另选一个。"), code=code)


class TenantCodeInvalid(Invalid):
    """Raised when a tenant's code is not 2 to 32 lower-case letters, digits or hyphens, starting with a letter."""

    def __init__(self, code: str) -> None:
        expected = N_("公司代码由 2 到 32 位小写字母、数字或连字符组成，以字母开头。")
        super().__init__(expected, fields={"code": expected}, code=code)


class MigrationUnderWay(Conflict):
    """Raised when another process is migrating the tenants of this database."""

    def __init__(self) -> None:
        super().__init__(N_("另一个进程正在迁移数据库，请等它完成后再试。"))


class RootSecretChanged(Conflict):
    """Raised when the root secret is not the one that this database was set up with: no login would work."""

    def __init__(self) -> None:
        super().__init__(N_("根密钥与初始化该数据库时所用的不一致，请恢复原来的密钥文件。"))


class SnapshotStale(Exception):
    """Raised when the committed snapshot is not made of the present chain of migrations."""

    def __init__(self) -> None:
        super().__init__("migrations/tenant/snapshot.sql is older than the migrations beside it: run `make snapshot`")


class DatabaseUnavailable(Exception):
    """Raised when PostgreSQL cannot be reached, ended our connection or had no connection free in time.

    The transaction did not commit, unless `outcome_unknown`: then the connection broke while COMMIT was under way.
    Either way the same request may be sent again; with an unknown outcome only if it is idempotent.
    """

    def __init__(self, reason: str, *, outcome_unknown: bool = False) -> None:
        self.reason = reason
        self.outcome_unknown = outcome_unknown
        super().__init__(reason)


class ChangedMeanwhile(Conflict):
    """Raised when a row that keeps a version was written by somebody else after it was read."""

    def __init__(self) -> None:
        super().__init__(N_("这条内容刚被别人修改过，请刷新后再试。"))


class TransactionLost(Exception):
    """Raised when a transaction ends that had already failed: an error inside was caught without a savepoint."""
