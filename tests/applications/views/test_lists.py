"""Piles in pages by key, and finding a case by what people say at the counter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.querysets import NEWEST_FIRST, URGENT_FIRST
from applications.views import lists
from tests.factories.cases import a_case, an_id_number
from tests.factories.tampering import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def _walk(client: Client, pile: str) -> list[str]:
    """Follow the pages to the end."""
    seen: list[str] = []
    address = f"{reverse('case_list')}?pile={pile}"
    while address:
        shown = client.get(address).context
        assert shown is not None
        seen += [row["url"] for row in shown["rows"]]
        address = shown["next_url"]
        assert len(seen) < 20
    return seen


def test_pages_follow_each_other_and_cases_without_a_date_come_last(
    as_: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    undated = [a_case("correcting"), a_case("correcting"), a_case("correcting")]
    with unguarded():
        Application.objects.filter(pk__in=[case.pk for case in undated]).update(late_at=None)
    dated = [a_case("submitted") for _ in range(3)]
    assert _walk(as_("village_clerk"), "doing") == [reverse("case", args=[c.number]) for c in dated + undated]


def test_ended_cases_come_newest_first(as_: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    ended = [a_case("withdrawn") for _ in range(5)]
    assert _walk(as_("village_clerk"), "done") == [reverse("case", args=[c.number]) for c in ended[::-1]]


@pytest.mark.parametrize("cursor", ["", "x", "~", "~x", "2026-03-02", "²", "~" + "9" * 40, "2026-99-99~x", "\0~\0"])
def test_what_is_no_cursor_begins_the_list_anew(cursor: str) -> None:
    case = a_case()
    for order in (URGENT_FIRST, NEWEST_FIRST):
        assert order.after(Application.objects.filter(pk=case.pk), cursor, 1) == ([case], "")


def test_addresses_that_people_kept_stay_good() -> None:
    older, newer = a_case("withdrawn"), a_case("withdrawn")
    rows = Application.objects.filter(pk__in=[older.pk, newer.pk])
    for cursor in (f"{newer.pk}", f"~{newer.pk}", f"2026-03-02T10:00:00+08:00~{newer.pk}"):
        assert NEWEST_FIRST.after(rows, cursor, 5) == ([older], "")
    assert URGENT_FIRST.after(rows, f"~{older.pk}", 5) == ([newer], "")


def test_a_case_is_found_by_name_and_by_the_whole_number_of_its_applicant(clerk: Client) -> None:
    number = an_id_number()
    case = a_case(name="欧阳明月", id_number=number)
    for words in ("欧阳明月", number, f" {number[:6]} {number[6:]} ", case.number):
        answer = clerk.post(reverse("case_search"), {"q": words})
        assert answer["Location"] == reverse("case", args=[case.number]), words
    for words in ("欧阳", number[:17]):
        answer = clerk.post(reverse("case_search"), {"q": words})
        assert answer.context is not None
        assert answer.context["rows"] == []
