"""The accounts a visitor may log in with: passwords made for this installation, kept in one private file."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.contrib.auth.hashers import make_password

from applications.rehearsal.people import Member, everybody
from halls.actions.appoint import appoint_all, appoint_system
from halls.models import Hall, User

ORDER = ("village", "township", "station", "county", "bureau", "supervisor", "catalogue", "administrator", "neighbour")
# Nothing that looks like something else: these are read off a screen.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def appoint_county(county: Hall, accounts: Path | None = None) -> int:
    """Give the county its people, and the demo accounts their passwords; returns how many people are new.

    The file keeps what it says: a second call changes neither accounts nor passwords. Where the file was lost, or
    belongs to another database, the accounts get new passwords. Without a file nobody can log in.
    """
    members = everybody(county)
    passwords = _passwords(members, accounts)
    people = [replace(m.person, password=passwords.get(m.person.username, "")) for m in members]
    new = set(appoint_all(people))
    appoint_system([county])
    if accounts is not None:
        _repair([m for m in members if m.role and m.person.username not in new], passwords)
        _write(accounts, members, passwords)
    return len(new)


def _passwords(members: Sequence[Member], accounts: Path | None) -> dict[str, str]:
    if accounts is None:
        return {}
    kept = {entry["username"]: entry["password"] for entry in _read(accounts)}
    return {m.person.username: kept.get(m.person.username) or _new_password() for m in members if m.role}


def _read(accounts: Path) -> list[dict[str, str]]:
    try:
        entries = json.loads(accounts.read_text(encoding="utf-8"))
        return [e for e in entries if e["username"] and e["password"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _new_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _repair(members: Sequence[Member], passwords: dict[str, str]) -> None:
    """Make the database agree with the file for accounts that were there before."""
    users = {u.username: u for u in User.objects.filter(username__in=[m.person.username for m in members])}
    for username, user in users.items():
        if not user.check_password(passwords[username]):
            user.password = make_password(passwords[username])
            user.save(update_fields=["password"])


def _write(accounts: Path, members: Sequence[Member], passwords: dict[str, str]) -> None:
    """Write the list whole or not at all, readable by this user only."""
    rank = {prefix: index for index, prefix in enumerate(ORDER)}
    shown = sorted((m for m in members if m.role), key=lambda m: rank[m.role.split("_")[0]])
    rows = [
        {
            "username": m.person.username,
            "password": passwords[m.person.username],
            "role": m.role,
            "post": f"{m.place} {m.person.posts[0].title}",
            "hall_code": m.hall_code,
        }
        for m in shown
    ]
    draft = accounts.with_name(accounts.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        json.dump(rows, stream, ensure_ascii=False, indent=1)
    draft.replace(accounts)
