"""The better match stands first, and a search costs one query."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matters.actions._search_text import search_text
from matters.selectors import find_matters
from tests.factories.matters import MatterFactory

pytestmark = pytest.mark.django_db


def codes(words: str) -> list[str]:
    return [matter.code for matter in find_matters(words)]


def test_the_better_match_stands_first() -> None:
    MatterFactory(code="PINYIN", name="重建住房项目")
    MatterFactory(code="THEME", name="另一项", theme="建房")
    MatterFactory(code="INSIDE", name="农民建房申请")
    MatterFactory(code="PREFIX", name="建房验收")
    MatterFactory(code="ALIAS", name="用地许可", search_text=search_text("用地许可", ["农村建房"], "", ""))
    assert codes("建房") == ["PREFIX", "INSIDE", "ALIAS", "THEME"]
    assert codes("jf")[:2] == ["PREFIX", "THEME"]


def test_a_paused_matter_is_not_offered() -> None:
    MatterFactory(code="OPEN", name="开放事项")
    MatterFactory(code="SHUT", name="暂停事项", paused=True)
    assert codes("事项") == ["OPEN"]


def test_a_search_is_one_query_however_much_it_finds() -> None:
    for number in range(12):
        MatterFactory(name=f"示例{number}")
    with CaptureQueriesContext(connection) as queries:
        for matter in find_matters("示例"):
            assert matter.current is not None
            assert matter.current.name
            assert matter.department.name
    assert len(queries) == 1
