"""docs/lifecycle.md says what the table says."""

from __future__ import annotations

import io
from pathlib import Path

from django.core.management import call_command

from applications.domain.lifecycle import TABLE, Status

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "lifecycle.md"


def printed() -> str:
    out = io.StringIO()
    call_command("print_lifecycle", stdout=out)
    return out.getvalue()


def test_the_page_is_the_table():
    assert PAGE.read_text(encoding="utf-8") == printed(), (
        "run: python3 start.py manage print_lifecycle > docs/lifecycle.md"
    )


def test_every_verb_and_status_is_on_the_page():
    text = printed()
    assert all(f"| `{row.verb}` | {row.label} |" in text for row in TABLE)
    assert all(f"| `{status}` |" in text for status in Status)
    edges = sum(len(row.sources) for row in TABLE)
    assert text.count(" --> ") == edges + 1 + 3
