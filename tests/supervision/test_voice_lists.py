"""Lists of complaints and of matters: what they tell of cases that are not seen, and how long they are."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from applications.sealing import query_token
from supervision.domain.voices import Kind
from supervision.models import Voice
from supervision.selectors.voices import SHOWN
from tests.supervision.county import at
from tests.supervision.test_voice_pages import api, as_, text
from tests.supervision.voices import WORDS, lodged

pytestmark = pytest.mark.django_db


def test_the_matter_of_a_case_that_the_reader_does_not_see_stands_in_no_list(county):
    elsewhere = county.accepted(county.matter(), 1)
    said = {"case_number": elsewhere.number, "case_proof": query_token(elsewhere.number)}
    voice = lodged(county.villages[0], **said)
    assert voice.application == elsewhere
    matter = elsewhere.matter
    director, rows = as_(county, "director0"), reverse("supervision_rows")
    pages = [director.get(reverse("voice_list"), {"tab": tab}) for tab in ("mine", "all")]
    pages += [director.get(rows, {"figure": "voices_open", "scope": "watch"}), api(county, "director0")]
    for page in pages:
        assert page.status_code == 200
        assert voice.number[-7:] in page.content.decode()
        assert matter.name not in page.content.decode()
        assert matter.code not in page.content.decode()
    lodged(county.villages[0], Kind.REPEAT, **said)
    repeats = director.get(reverse("voice_list"), {"figure": "repeat_month"})
    assert [row["matter"] for row in repeats.context["repeats"]] == ["没有对上事项"]
    narrowed = director.get(rows, {"figure": "voices_open", "scope": "watch", "matter": matter.code})
    assert narrowed.context["lines"] == []
    above = as_(county, "supervisor").get(rows, {"figure": "voices_open", "scope": "watch", "matter": matter.code})
    assert matter.name in above.content.decode()
    assert api(county, "supervisor").json()["results"][0]["matter"] == matter.code


def test_a_long_desk_is_paged_by_its_dates_and_loses_nothing(county):
    numbers = [lodged(county.villages[0], client=f"203.0.113.{n}").number for n in range(SHOWN + 1)]
    at("2026-03-04 10:00")
    numbers.append(lodged(county.villages[0]).number)
    director = as_(county, "director0")
    first = director.get(reverse("voice_list"))
    assert len(first.context["rows"]) == SHOWN
    second = director.get(first.context["next_url"])
    assert second.context["next_url"] == ""
    assert second.context["first_url"]
    found = [row["url"] for page in (first, second) for row in page.context["rows"]]
    assert found == [reverse("voice", args=[number]) for number in numbers]


@pytest.mark.parametrize("page", ["voice_ask", "voice_repeat"])
def test_of_many_matters_a_page_for_everybody_lists_those_that_were_looked_for(county, monkeypatch, page):
    one, other = county.matter(), county.matter()
    assert "找事项" not in text(Client().get(reverse(page)))  # of few it lists all
    monkeypatch.setattr("supervision.forms.voices.MOST_LISTED", 1)
    shown = Client().get(reverse(page))
    assert one.code not in shown.content.decode()
    assert "找事项" in text(shown)
    typed = {"words": WORDS, "trips": "3", "hall": county.villages[0].code, "key": str(uuid4())}
    found = Client().post(reverse(page), {**typed, "matter_words": one.name, "find": "1"})
    assert found.status_code == 200
    assert WORDS in text(found)
    codes = [code for code, _name in found.context["form"].fields["matter"].choices]
    assert one.code in codes
    assert len(codes) <= 2
    assert not Voice.objects.exists()
    sent = Client().post(reverse(page), {**typed, "matter_words": "", "matter": other.code})
    assert sent.status_code == 302, text(sent)
    assert Voice.objects.get().matter == other
    asked = Client().get(reverse(page), {"matter": other.code})
    assert [code for code, _name in asked.context["form"].fields["matter"].choices] == ["", other.code]
