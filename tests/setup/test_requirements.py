"""The locks: complete, hashed, naming no server, and without a second PostgreSQL driver."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-embedded.txt")


def pins(name: str) -> dict[str, str]:
    """Return {"django": "django==5.2.19 \\ --hash=..."} of a lock."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    return {block.split("==")[0]: block for block in blocks}


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_hashes(name):
    for package, block in pins(name).items():
        assert "==" in block, package
        assert "--hash=sha256:" in block, package


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_a_server_or_a_path(name):
    assert not re.search(r"https?://|file:|--(?:extra-)?index|--find-links", (ROOT / name).read_text(encoding="utf-8"))


def test_the_lock_for_development_holds_the_runtime_lock():
    runtime, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_psycopg_3_is_absent():
    # Django would silently prefer it to psycopg2.
    assert importlib.util.find_spec("psycopg") is None
    assert "psycopg" not in pins("requirements-dev.txt")
