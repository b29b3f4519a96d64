"""代办件回访: a sample that anybody draws again, called from above."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions._put_rating import Opinion
from supervision.actions.draw_callbacks import draw_callbacks, proxied_cases
from supervision.actions.record_call import Answers, record_call
from supervision.actions.show_phone import show_callbacks_phone
from supervision.domain.sample import draw
from supervision.models import Callback, CallbackDraw, Rating
from supervision.selectors.ratings import visible_callbacks
from tests.supervision.county import at
from tests.supervision.rating import ended

pytestmark = pytest.mark.django_db


# --- call-backs ------------------------------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.text("ab", min_size=1, max_size=3), st.lists(st.text("0123", min_size=4, max_size=4), max_size=60)
    ),
    st.text(min_size=1, max_size=8),
    st.integers(1, 50),
)
def test_a_sample_is_drawn_the_same_again_whatever_the_order_and_leaves_no_village_out(numbers, seed, percent_):
    found = draw(numbers, seed, percent_)
    assert found == draw({key: list(reversed(numbers[key])) for key in reversed(list(numbers))}, seed, percent_)
    expected = sum(max(1, -(-len(set(own)) * percent_ // 100)) for own in numbers.values() if own)
    assert len(found) == expected


def test_last_week_is_drawn_once_and_can_be_drawn_again_by_hand(county):
    cases = [ended(county, n % 2) for n in range(6)]
    assert draw_callbacks()  # the week before, which had no cases
    assert not Callback.objects.exists()
    at("2026-03-09 08:00")
    [sample] = draw_callbacks()
    assert (sample.week.isoformat(), sample.population) == ("2026-03-02", len(cases))
    assert draw_callbacks() == []
    numbers: dict[str, list[str]] = {}
    for number, (_pk, path) in proxied_cases(sample.week).items():
        numbers.setdefault(path, []).append(number)
    drawn = {one.application.number for one in sample.callbacks.select_related("application")}
    assert drawn == set(draw(numbers, sample.seed, sample.percent))
    assert len(drawn) == 2  # of each village one


def test_the_weeks_in_which_no_worker_ran_are_drawn_too_each_for_itself_and_in_order(county):
    draw_callbacks()
    first = ended(county)
    at("2026-03-11 10:00")
    second = ended(county)
    at("2026-03-24 08:00")
    drawn = draw_callbacks()
    assert [sample.week.isoformat() for sample in drawn] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert [sample.population for sample in drawn] == [1, 1, 0]
    assert len({sample.seed for sample in drawn}) == 3
    assert [one.application_id for one in Callback.objects.order_by("pk")] == [first.pk, second.pk]
    assert draw_callbacks() == []
    at("2026-08-03 08:00")
    weeks = [sample.week.isoformat() for sample in draw_callbacks()]
    assert (len(weeks), weeks[0], weeks[-1]) == (8, "2026-06-08", "2026-07-27")


def test_the_villager_is_called_from_above_and_may_rate_on_the_way(county):
    ended(county)
    at("2026-03-09 08:00")
    draw_callbacks()
    callback = Callback.objects.get()
    director = county.actor("director0")
    for who in ("clerk0", "window0", "director1"):
        assert not visible_callbacks(county.actor(who)).exists()
    with pytest.raises((NotFound, NotPermitted)):
        record_call(callback.pk, actor=county.actor("clerk0"), is_reached=False, answers=Answers())
    record_call(callback.pk, actor=director, is_reached=False, answers=Answers(note="关机"))
    opinion = Opinion(1, "phone", text="代办员收了五十块钱")
    said = Answers(was_served=True, has_papers=True, has_paid=True, note="收了 50 元，没有票据", opinion=opinion)
    with pytest.raises(Refused, match="联系电话") as told_to_call:  # nobody dialled a number that nobody looked at
        record_call(callback.pk, actor=director, is_reached=True, answers=said)
    assert told_to_call.value.code == "no_call"
    assert show_callbacks_phone(callback.pk, actor=director).phone == "13800138000"
    with pytest.raises(Invalid) as told:
        record_call(callback.pk, actor=director, is_reached=True, answers=Answers(has_paid=True))
    assert {problem.field for problem in told.value.problems} == {"was_served", "has_papers", "note"}
    record_call(callback.pk, actor=director, is_reached=True, answers=said)
    assert Rating.objects.get().channel == "phone"
    with pytest.raises(Refused, match="回访过"):
        record_call(callback.pk, actor=director, is_reached=True, answers=said)


def test_a_week_that_is_not_over_is_not_drawn(county):
    now = read_moment().at
    with pytest.raises(DatabaseError, match="not over"), transaction.atomic():
        CallbackDraw.objects.create(
            week=now.date(), seed="x", percent=5, population=0, drawn_at=now + timedelta(days=9)
        )


def test_the_command_draws_and_says_so(county, capsys):
    ended(county)
    at("2026-03-09 08:00")
    call_command("draw_callbacks")
    call_command("draw_callbacks")
    told = capsys.readouterr().out
    assert CallbackDraw.objects.get().seed in told
    assert "已经抽过" in told
