#!/usr/bin/env python3
"""Run one management command; commands that change the schema or its grants connect as the owner role."""

import os
import sys

from django.core.management import execute_from_command_line

OWNER_COMMANDS = {"allow_time_travel", "dbshell", "flush", "make_demo", "migrate", "secure_database", "sqlflush"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if owner_url and len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DATABASE_URL"] = owner_url
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
