"""Bring a demonstration's database up to date, as its owner: `python -m config.prepare --accounts FILE [--cases N]`.

One process for everything, because each `manage.py` would cost a second. What is there already is left alone, so a
second start is short. In the data directory `loaded.json` remembers which data files were read, and `demo-cases` how
many cases were made in full.
"""

import argparse
import hashlib
import json
import os
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F
from django.utils import timezone

from config.machine import NEW_KEYS

FIRST_CASES = 300
READ_AFTER = timedelta(days=3)


def main() -> None:
    options = _options()
    os.umask(0o077)  # passwords and uploads are for this user only
    try:
        django.setup()
        _migrate()
        _match_keys()
        _load_files()
        _make_demo(options.cases, options.accounts)
        call_command("make_ratings", stdout=StringIO())
        call_command("make_demo_voices", verbosity=0)
        call_command("tick", stdout=StringIO())  # the watch is awake before anybody looks at it
        call_command("catch_up", stdout=StringIO())  # a machine for looking at the system sleeps at night
        _collect_static()
    except (CommandError, DatabaseError, ImproperlyConfigured) as error:
        sys.exit(f"准备数据失败：{error}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int)
    parser.add_argument("--accounts", type=Path, required=True)
    return parser.parse_args()


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("建立数据表 ……", flush=True)
        call_command("migrate", interactive=False, verbosity=0, database=DEFAULT_DB_ALIAS)
    call_command("secure_database")


def _match_keys() -> None:
    """Refuse new keys for a database whose people were encrypted with others."""
    new_keys = settings.DATA_DIR / NEW_KEYS
    if new_keys.exists():
        if apps.get_model("applications.Applicant")._default_manager.exists():
            raise CommandError(
                f"数据库中已有办件，而 {settings.DATA_DIR} 里没有它的密钥。请用 --data 指定原来的数据目录，"
                "或找回其中的 secrets.json（并删除新生成的 new-keys），或换一个空的数据库。"
            )
        new_keys.unlink()


def _load_files() -> None:
    """Load each data file that is new, or changed since it was loaded; loading is idempotent."""
    data = settings.BASE_DIR / "data"
    beside = {
        "import_matters": (data / "plain_words.json", data / "life_events.json")
    }  # read while the other is loaded
    for command, source, model in (
        ("load_county", data / "divisions_500236.csv", "halls.Division"),
        ("load_calendar", data / "calendar", "halls.CalendarYear"),
        ("load_card_rules", data / "card_rules" / "default.json", "applications.RuleSet"),
        ("load_ladder", data / "ladder.json", "supervision.LadderStep"),
        ("import_matters", data / "matters.json", "matters.Matter"),
        ("import_bundles", data / "bundles.json", "matters.Bundle"),
    ):
        digest = _digest(source, *beside.get(command, ()))
        is_there = apps.get_model(model)._default_manager.exists()
        # Rules in force are never rewritten; the county's own people put others into force.
        if not is_there or (command != "load_card_rules" and _loaded().get(command) != digest):
            print(f"载入 {source.relative_to(settings.BASE_DIR)} ……", flush=True)
            # A county's own signatures outlive an update of the program.
            options = ("--keep-signed", "--reason", "随程序更新的日历数据") if command == "load_calendar" else ()
            try:
                call_command(command, str(source), *options)
            except CommandError as error:
                # A county may have abolished what a bundle that ships still names: what is there stays, the site opens.
                if command != "import_bundles" or not is_there:
                    raise
                print(f"一件事没有更新，保留原有的：{error}", flush=True)
                continue
            _remember(command, digest)


def _collect_static() -> None:
    """Collect and compress the static files if any of them, or a library, changed."""
    digest = _digest(*settings.STATICFILES_DIRS, settings.BASE_DIR / "requirements.txt")
    if _loaded().get("static") != digest or not (settings.STATIC_ROOT / "staticfiles.json").exists():
        # The browsable API and the admin pages of the libraries are not used; the rest is small.
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["rest_framework", "guardian"])
        _remember("static", digest)


def _make_demo(wanted: int | None, accounts: Path) -> None:
    """Bring the demo county to so many cases (None: those it has, 300 at first); make_demo goes on where it stopped."""
    record = settings.DATA_DIR / "demo-cases"
    made = int(record.read_text()) if record.exists() and accounts.exists() else -1
    before = made if made >= 0 else FIRST_CASES
    cases = before if wanted is None else wanted
    people = apps.get_model("halls.User")._default_manager
    if made >= cases and people.filter(is_demo=True).exists():
        return
    if people.filter(is_demo=False, last_login__isnull=False).exists():
        raise CommandError("这个数据库里有真实用户，不能放入示例数据。请把 DATABASE_URL 指向一个空的数据库。")
    print(f"生成示例人员和 {cases} 件办件 ……", flush=True)
    call_command("make_demo", "--cases", str(cases), "--accounts", str(accounts))
    call_command("make_demo_orders")
    _have_read()
    record.write_text(str(cases))


def _have_read() -> None:
    """Let the people of the demonstration have read what they were told until a few days ago, and be reachable."""
    messages = apps.get_model("supervision.Message")._default_manager
    before = timezone.now() - READ_AFTER
    messages.filter(read_at__isnull=True, made_at__lt=before).update(read_at=F("made_at"))
    for number, account in enumerate(apps.get_model("halls.User")._default_manager.filter(is_demo=True, phone="")):
        account.phone = f"{10**10 + number}"  # begins like nobody's
        account.save(update_fields=["phone"])


def _loaded() -> dict[str, str]:
    record = settings.DATA_DIR / "loaded.json"
    return dict(json.loads(record.read_text())) if record.exists() else {}


def _remember(name: str, digest: str) -> None:
    (settings.DATA_DIR / "loaded.json").write_text(json.dumps(_loaded() | {name: digest}, indent=1))


def _digest(*sources: Path) -> str:
    """Return one digest of these files and of everything in these directories."""
    total = hashlib.sha256()
    for source in sources:
        files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
        for file in files:
            total.update(f"{file.name} {file.stat().st_size} ".encode() + file.read_bytes())
    return total.hexdigest()


if __name__ == "__main__":
    main()
