"""What was composed and not checked is marked 示例数据 wherever it is shown; a mark goes when a county has checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from matters.actions.import_matters import import_matters
from matters.domain.catalogue import COMPOSABLE
from matters.domain.catalogue_file import parse_catalogue
from matters.domain.elements import BASICS
from matters.domain.guide_diff import difference
from matters.domain.guide_words import COMPOSED_WORDS
from matters.selectors import guide_paper, published_guide
from tests.factories.matters import RECORDS, as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
CODE = "NY-003"
MARK = re.compile(r'<span class="tag" data-kind="draft"[^>]*>示例数据</span>')


def checked(code: str = CODE, *, keep: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the guide as a county leaves it that has checked everything but `keep`."""
    return record(code, provenance={**record(code)["provenance"], "composed": list(keep)})


def marks(html: str) -> int:
    return len(MARK.findall(html))


def html_of(name: str, code: str = CODE) -> str:
    return str(Client().get(reverse(name, args=[code])).content.decode())


def near(html: str, words: str, *, reach: int = 160) -> bool:
    """Whether a mark follows these words closely."""
    at = html.index(words)
    return bool(MARK.search(html[at : at + len(words) + reach]))


def test_every_composed_element_of_the_shipped_catalogue_says_so() -> None:
    texts = {"remedies": "remedies", "channels": "channels"}
    for one in RECORDS:
        composed = set(one["provenance"]["composed"])
        assert composed <= set(COMPOSABLE)
        for element, name in texts.items():
            assert not one.get(name) or element in composed or name == "remedies", one["id"]
        if any(item["shareable"] and "共享查到的不用提交" in (item["note"] or "") for item in one["materials"]):
            assert "materials.note" in composed, one["id"]
    assert sum("remedies" in one["provenance"]["composed"] for one in RECORDS) == sum(
        bool(r.get("remedies")) for r in RECORDS
    )


def test_the_guide_page_marks_remedies_channels_issuers_and_notes() -> None:
    html = html_of("guide")
    assert near(html, "行政诉讼法第四十六条。")
    assert near(html, "<dt>办理形式</dt><dd>窗口")
    assert near(html, "共享查到的不用提交，请您确认；查不到时再带来")
    code = next(one["id"] for one in RECORDS if "materials.issuer" in one["provenance"]["composed"])
    issuer = next(item["issuer"] for item in record(code)["materials"] if item["issuer"])
    assert near(html_of("guide", code), f"· {issuer}")


@pytest.mark.parametrize("element", ["remedies", "channels", "materials.note"])
def test_a_mark_goes_with_the_tick_of_its_element_alone(element: str) -> None:
    before = marks(html_of("guide"))
    others = tuple(one for one in record(CODE)["provenance"]["composed"] if one != element)
    import_matters(as_file(checked(keep=others)))
    assert marks(html_of("guide")) < before
    import_matters(as_file(checked()))
    html = html_of("guide")
    assert not near(html, "行政诉讼法第四十六条。", reach=60)
    assert not near(html, "<dt>办理形式</dt><dd>窗口", reach=60)


def test_the_booklet_and_the_short_form_carry_the_mark() -> None:
    guide = published_guide(CODE)
    assert guide is not None
    remedies = next(one for one in guide_paper.sections(guide) if one.title == "不服怎么办")
    assert remedies.items[0].endswith("（示例数据）")
    bare = replace(
        guide, promise=replace(guide.promise, is_sample=False), statute=replace(guide.statute, is_sample=False)
    )
    assert "含示例数据" in guide_paper.sample_mark(bare)
    assert guide_paper.sample_mark(replace(bare, composed=())) == ""


def test_the_self_check_marks_what_it_repeats() -> None:
    html = html_of("guide_check")
    assert near(html, "共享查到的不用提交，请您确认；查不到时再带来")


def test_the_api_names_what_is_composed() -> None:
    told = Client().get(reverse("api_matter", args=[CODE])).json()
    assert told["samples"] == [*record(CODE)["provenance"]["composed"], "life_events"], "so is how we sorted it"
    assert told["record"]["provenance"]["composed"] == told["samples"]
    spared = next(one for one in told["materials"] if "不用提交" in one["note"])
    assert spared["note_is_sample"] is True
    import_matters(as_file(checked()))
    told = Client().get(reverse("api_matter", args=[CODE])).json()
    assert told["samples"] == ["life_events"], "the file names none of its own"
    assert not any(one["note_is_sample"] or one["source_is_sample"] for one in told["materials"])


def test_an_editor_ticks_them_off_and_the_history_says_so() -> None:
    element = next(one for one in BASICS.elements if one.name == "provenance.composed")
    assert dict(element.choices) == COMPOSED_WORDS
    assert set(COMPOSED_WORDS) == set(COMPOSABLE)
    (guide,) = parse_catalogue(as_file(record(CODE)), departments={record(CODE)["department_full"]})
    change = next(one for one in difference(guide, replace(guide, composed=())) if one.place == "composed")
    assert change.label == "示例内容"
    assert "救济途径" in change.before


def test_a_guide_without_composed_elements_is_the_guide_it_was() -> None:
    (guide,) = parse_catalogue(as_file(record(CODE)), departments={record(CODE)["department_full"]})
    bare = replace(guide, composed=())
    assert bare.content_hash != guide.content_hash
    assert bare.content_hash == replace(guide, composed=()).content_hash
    whole = {name: value for name, value in checked().items() if name != "provenance"}
    whole["provenance"] = {name: value for name, value in record(CODE)["provenance"].items() if name != "composed"}
    (older,) = parse_catalogue(as_file(whole), departments={record(CODE)["department_full"]})
    assert older.content_hash == bare.content_hash
