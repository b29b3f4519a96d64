"""`python -m torture.sweeper SIZE`: `manage.py sweep` again and again, as a timer would call it, in batches of SIZE."""

from __future__ import annotations

import io
import os
import sys
import time
from random import uniform

import django

PAUSE = (0.05, 0.4)


def main() -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django must be set up first

    from torture.sabotage import plant_from_environment  # noqa: PLC0415

    plant_from_environment()
    parent = os.getppid()
    while os.getppid() == parent:  # an orphan goes home
        call_command("sweep", "--batch-size", sys.argv[1], stdout=io.StringIO())
        time.sleep(uniform(*PAUSE))


if __name__ == "__main__":
    main()
