"""The commands of the operator: `anshou run`, `anshou tenant create …`.

One module in `anshou.commands` per command, imported only when it is asked for. Each offers
`arguments(parser)` and `main(asked, settings) -> int`, plain or async.
"""

import argparse
import importlib
import inspect
import os
import sys
from collections.abc import Sequence
from types import ModuleType

import uvloop

from anshou.logs import set_up_logs
from anshou.settings import SettingsInvalid, read_settings
from tenants.errors import DatabaseUnavailable
from tenants.quiet import DatabaseTalks
from tenants.refusals import Refusal

# Command -> what it does. The module is `anshou.commands.<command>`.
COMMANDS = {
    "run": "start everything on this machine: database, web server, worker",
    "web": "serve the portal and the API",
    "migrate": "bring the control schema and all tenants to this version",
    "worker": "work jobs and timers off",
    "assets": "fetch and prepare what the browser loads",
    "settings": "show the settings that this environment gives",
    "snapshot": "write migrations/tenant/snapshot.sql anew (for contributors)",
    "invite": "invite the first administrator of a new agency",
    "erasures": "erase again what a restored backup brought back",
    "demo": "two invented agencies to try the product with",
    "keys": "how the keys of confidential data stand; rotate, rewrap and destroy them",
    "audit": "export and verify the audit record of a tenant",
    "ledger": "prove that tenants' books hold together",
    "search": "have what tickets are found by read anew",
    "tenant": "create, list, suspend, resume and migrate tenants",
}

# sysexits.h: EX_CONFIG, for a wrong environment, and EX_UNAVAILABLE, for a database that does not answer. A refusal
# is 1, a wrong command line is argparse's 2.
EXIT_CONFIGURATION = 78
EXIT_UNAVAILABLE = 69


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and answer its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="anshou", description="安售: after-sales tickets for agencies.")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, purpose in COMMANDS.items():
        subparser = commands.add_parser(name, help=purpose, description=purpose)
        if words[:1] == [name]:
            _module(name).arguments(subparser)
    asked = parser.parse_args(words)
    try:
        return _carry_out(_module(asked.command), asked)
    except SettingsInvalid as refusal:
        print("anshou cannot start with these settings:", file=sys.stderr)
        for problem in refusal.problems:
            print(f"  {problem}", file=sys.stderr)
        return EXIT_CONFIGURATION
    except DatabaseTalks as refusal:
        print("anshou does not work with a database that would show confidential content:", file=sys.stderr)
        for problem in refusal.problems:
            print(f"  {problem}", file=sys.stderr)
        print("  `anshou migrate --hardening` prints the SQL for it; see docs/operating.md", file=sys.stderr)
        return EXIT_CONFIGURATION
    except DatabaseUnavailable as unavailable:
        print(f"anshou: {unavailable}", file=sys.stderr)
        return EXIT_UNAVAILABLE
    except Refusal as refusal:
        print(f"anshou: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"anshou.commands.{command}")


def _carry_out(module: ModuleType, asked: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    set_up_logs(settings.log_level)
    answer = module.main(asked, settings)
    if inspect.iscoroutine(answer):
        answer = uvloop.run(answer)
    return int(answer)


if __name__ == "__main__":
    sys.exit(main())
