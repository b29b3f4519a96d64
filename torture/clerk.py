"""`python -m torture.clerk NUMBER OF NOTEBOOK`: one of the people at work beside the watch, until killed."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from random import uniform

import django

PAUSE = (0.01, 0.08)


def main() -> None:
    django.setup()
    from torture.desk_work import Clerk  # noqa: PLC0415 - Django must be set up first
    from torture.sabotage import plant_from_environment  # noqa: PLC0415

    plant_from_environment()
    parent = os.getppid()
    clerk = Clerk(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    while os.getppid() == parent:  # an orphan goes home
        clerk.work()
        time.sleep(uniform(*PAUSE))


if __name__ == "__main__":
    main()
