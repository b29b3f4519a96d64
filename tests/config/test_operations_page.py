"""docs/operations.md names only commands, options and variables that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CALLS = re.findall(r"manage\.py (\w+)([^\n#`]*)", PAGE)


@pytest.mark.parametrize(("name", "rest"), CALLS)
def test_every_command_on_the_page_exists_with_its_options(name: str, rest: str) -> None:
    known = load_command_class(get_commands()[name], name).create_parser("manage.py", name)._option_string_actions
    assert set(re.findall(r"--[\w-]+", rest)) <= set(known)


def test_every_variable_on_the_page_is_read_by_the_settings() -> None:
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", PAGE))
    code = "".join((ROOT / name).read_text(encoding="utf-8") for name in (
        "config/settings/base.py", "config/settings/production.py", "manage.py"
    ))  # fmt: skip
    assert named
    assert {name for name in named if not re.search(f"[\"']{name}[\"']", code)} == set()


def test_every_variable_that_must_be_set_is_on_the_page() -> None:
    base = (ROOT / "config" / "settings" / "base.py").read_text(encoding="utf-8")
    needed = set(re.findall(r'environment\.(?:text|key|key_ring)\("(\w+)"\)', base))
    assert "DATABASE_URL" in needed
    assert {name for name in needed if f"`{name}`" not in PAGE} == set()
