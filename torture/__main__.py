"""Let months of the legal clock pass in minutes while its machinery is killed again and again, then count.

It makes servers, a county and cases of its own and throws them away. The report is JSON; the exit code is 1 when a
warning or card was lost, doubled, early, wrongly marked or out of order, an act that a person was told is done was
lost or done twice, or the chain of events is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config import machine, stores
from torture.sabotage import BREAKS, VARIABLE
from torture.servers import Servers, open_servers

CHANNELS = "supervision.channels.LocalEnterprise,supervision.channels.LocalSms"


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    place = Path(os.environ.get("DATA_DIR", ".local")).resolve() / "torture"
    stores.remove_leftovers(place)
    home = place / str(os.getpid())
    home.mkdir(parents=True, mode=0o711)
    keys = machine.load_secrets(home)
    servers = open_servers(home, keys)
    try:
        environment = stores.environment(home, keys, servers.stores) | {"DATABASE_OWNER_URL": servers.stores.owner_url}
        # This process acts as the owner; the crew it starts is the application.
        os.environ.update(environment, DATABASE_URL=servers.stores.owner_url, PROCESS_NAME="torture")
        environment |= {VARIABLE: options.plant, "MESSAGE_CHANNELS": CHANNELS}
        report = _torture(options, servers, environment, home)
    finally:
        servers.close()
        if not options.keep:
            shutil.rmtree(home, ignore_errors=True)
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n")
    return 0 if report["clean"] else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="start.py torture", description=__doc__)
    parser.add_argument("--thresholds", type=int, default=10_000)
    parser.add_argument("--transitions", type=int, help="acts of people beside the watch; as a rule thresholds / 5")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--sweepers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=240, help="how long the torture itself lasts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="leave servers' data and logs behind")
    parser.add_argument("--break", dest="plant", choices=BREAKS, default="", help="plant a defect; it must be found")
    return parser.parse_args(arguments)


def _torture(options: argparse.Namespace, servers: Servers, environment: dict[str, str], home: Path) -> dict[str, Any]:
    # Only now, because Django reads the environment when it is set up.
    import django  # noqa: PLC0415

    django.setup()
    from torture.run import Run  # noqa: PLC0415

    return Run(options, servers, environment, home).report()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
