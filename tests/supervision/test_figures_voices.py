"""Every figure of complaints and inquiries counts exactly the rows it opens, for everybody in their own range."""

import pytest
from django.urls import reverse

from halls.selectors.work_calendar import read_moment
from supervision.actions.answer_voice import answer_voice
from supervision.actions.extend_voice import extend_voice
from supervision.actions.refuse_voice import refuse_voice
from supervision.actions.sweep import sweep
from supervision.domain.voices import Kind
from supervision.figures import Present
from supervision.figures_voices import VOICE_FIGURES, repeats_by_hall_and_matter, voices_of
from supervision.models import Message, TermWarning
from tests.supervision.county import at
from tests.supervision.test_voice_pages import as_
from tests.supervision.voices import accepted, lodged

pytestmark = pytest.mark.django_db


@pytest.fixture
def lively(county):
    """On 12 March: what was answered in time and late, refused, extended, is overdue, is open; one of February."""
    supervisor = county.actor("supervisor")
    at("2026-02-25 10:00")
    old = accepted(county, county.villages[0])
    answer_voice(old.number, actor=supervisor, words="已办", result="upheld")
    at("2026-03-02 10:00")
    matter = county.matter()
    for place in (0, 1):
        in_time, late = accepted(county, county.villages[place]), accepted(county, county.villages[place])
        longer = accepted(county, county.villages[place])
        refuse_voice(lodged(county.villages[place]).number, actor=supervisor, ground="no_evidence", reason="没有")
        extend_voice(longer.number, actor=supervisor, days=12, reason="复杂")
        lodged(county.villages[place], Kind.REPEAT, matter=matter.code)
        answer_voice(in_time.number, actor=supervisor, words="已办", result="upheld")
        at("2026-03-11 10:00")
        answer_voice(late.number, actor=supervisor, words="已办", result="partly")
        lodged(county.villages[place], Kind.INQUIRY)
        at("2026-03-02 10:00")
    at("2026-03-12 10:00")
    return county


EXPECTED = {  # of one township
    "open": 3,  # extended, repeat, inquiry
    "overdue": 1,  # the repeat
    "received_month": 6,
    "answered_in_time_month": 1,
    "answered_late_month": 1,
    "refused_month": 1,
    "extended_month": 1,
    "repeat_month": 1,
    "due_month": 3,  # answered in time, answered late, the repeat that nobody answers
    "due_kept_month": 1,
}


def counted(actor):
    present = Present.at(read_moment().at)
    return {key: voices_of(actor, figure, present).count() for key, figure in VOICE_FIGURES.items()}


def test_every_figure_has_its_number_and_opens_its_rows(lively):
    present = Present.at(read_moment().at)
    for name, times in (("director0", 1), ("director1", 1), ("supervisor", 2), ("bureau_director", 0)):
        actor = lively.actor(name)
        counts = counted(actor)
        assert counts == {key: number * times for key, number in EXPECTED.items()}, name
        for key, figure in VOICE_FIGURES.items():
            assert voices_of(actor, figure, present).count() == counts[key]
            page = as_(lively, name).get(reverse("voice_list"), {"figure": key})
            assert len(page.context["rows"]) == counts[key]
            assert str(figure.definition) in page.content.decode()


def test_repeated_trips_are_counted_per_hall_and_matter(lively):
    rows = repeats_by_hall_and_matter(lively.actor("supervisor"), Present.at(read_moment().at), 10)
    assert [(row["hall__code"], row["reports"]) for row in rows] == [(hall.code, 1) for hall in lively.villages]
    assert len(repeats_by_hall_and_matter(lively.actor("director1"), Present.at(read_moment().at), 10)) == 1


def test_the_next_month_begins_anew(lively):
    at("2026-04-01 10:00")
    counts = counted(lively.actor("supervisor"))
    assert counts["open"] == counts["overdue"] == 6
    assert sum(number for key, number in counts.items() if key.endswith("_month")) == 0


def test_an_unknown_figure_is_refused(lively):
    assert as_(lively, "supervisor").get(reverse("voice_list"), {"figure": "nothing"}).status_code == 422


def test_what_nobody_answers_turns_red_and_whoever_handles_it_is_told(county):
    voice = lodged(county.villages[0])
    at("2026-03-30 10:00")
    sweep()
    levels = list(TermWarning.objects.filter(term=voice.term).order_by("pk").values_list("level", flat=True))
    assert levels == ["warning", "yellow", "red"]
    told = Message.objects.filter(user=county.people["director0"], key__startswith="term:")
    assert all(voice.display_number in message.words for message in told)
    assert told.exists()
    page = as_(county, "director0").get(reverse("message", args=[told[0].pk]))
    assert reverse("voice", args=[voice.number]) in page.content.decode()
