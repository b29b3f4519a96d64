"""Complaints, repeated trips and inquiries: their ways in, their table, their limits, and what the database refuses."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.look_ups import TooManyTries
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.domain.worktime import SHANGHAI
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_voice import answer_voice
from supervision.actions.close_voice import close_voice
from supervision.actions.explain_voice import explain_voice
from supervision.actions.extend_voice import extend_voice
from supervision.actions.hand_up_voice import hand_up_voice
from supervision.actions.investigate_voice import investigate_voice
from supervision.actions.lodge_voice import Lodging, lodge_voice
from supervision.actions.refuse_voice import refuse_voice
from supervision.actions.release_summary import release_summary
from supervision.actions.reveal_voice import reveal_voice
from supervision.domain.voice_limits import LODGED_PER_CLIENT, LODGED_PER_DEVICE
from supervision.domain.voices import (
    PAPERS,
    TABLE,
    Channel,
    Kind,
    State,
    VoiceVerb,
    parse_voice_number,
    require_step,
    voice_number,
)
from supervision.models import LodgingCount, Message, Term, Voice, VoiceAct
from tests.supervision.county import at
from tests.supervision.voices import NAME, PHONE, WORDS, accepted, lodged

db = pytest.mark.django_db


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def state(voice):
    return Voice.objects.values_list("state", flat=True).get(pk=voice.pk)


# --- numbers and table ----------------------------------------------------------------------------------------------


@given(
    st.sampled_from(list(Kind)), st.dates(), st.integers(min_value=0, max_value=10**9), st.integers(2, 16), st.data()
)
def test_any_one_wrong_digit_of_a_number_is_found(kind, day, serial, place, data):
    if day.year < 1000:
        day = day.replace(year=2026, day=1)
    number = voice_number(kind, day, serial)
    assert parse_voice_number(f" {number[:2].lower()} {number[2:10]}　{number[10:]} ") == number
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(Invalid, match="输错"):
        parse_voice_number(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", State)
def test_only_the_rows_of_the_table_may_follow(kind, state):
    allowed = {verb for verb, rows in TABLE.items() if any(kind in r.kinds and state in r.sources for r in rows)}
    for verb in set(VoiceVerb) - {VoiceVerb.LODGE}:
        if verb in allowed:
            require_step(verb, kind, state)
        else:
            with pytest.raises(Refused, match="不能"):
                require_step(verb, kind, state)


# --- ways in --------------------------------------------------------------------------------------------------------


@db
def test_a_complaint_is_numbered_sealed_told_and_runs_three_working_days(county):
    voice = lodged(county.villages[0])
    assert re.fullmatch(r"TS20260302[0-9]{7}", voice.number)
    assert voice.term.due_at == shanghai("2026-03-05 23:59:59")
    assert NAME not in str(Voice.objects.filter(pk=voice.pk).values())
    assert PHONE not in str(Voice.objects.filter(pk=voice.pk).values())
    told = Message.objects.filter(user=county.people["director0"])
    assert voice.display_number in told.get().words
    assert not Message.objects.filter(user=county.people["clerk0"]).exists()


@db
def test_an_inquiry_goes_to_the_hall_that_was_asked_and_runs_five_working_days(county):
    voice = lodged(county.villages[0], Kind.INQUIRY)
    assert voice.number.startswith("ZX")
    assert voice.term.due_at == shanghai("2026-03-09 23:59:59")
    assert voice.seat_path == county.villages[0].path


@db
def test_the_same_page_sent_twice_is_one_complaint(county):
    key, said = uuid4(), Lodging(kind=Kind.COMPLAINT, words=WORDS, hall=county.villages[0].code)
    first, again = lodge_voice(said, key=key, client="a"), lodge_voice(said, key=key, client="a")
    assert first.pk == again.pk
    assert Term.objects.count() == 1


@db
def test_one_device_and_one_address_lodge_so_many_in_an_hour_and_no_more(county):
    for _ in range(LODGED_PER_DEVICE):
        lodged(county.villages[0], device="one")
    with pytest.raises(TooManyTries):
        lodged(county.villages[0], device="one")
    lodged(county.villages[0], device="another")  # whoever fills it up shuts nobody else out
    lodged(county.villages[0], device="one", client="203.0.113.8")
    assert Voice.objects.count() == LODGED_PER_DEVICE + 2
    LodgingCount.objects.update(lodged=LODGED_PER_CLIENT)
    with pytest.raises(TooManyTries):
        lodged(county.villages[0], device="a third")


@db
def test_people_at_a_counter_write_down_what_they_are_told_but_not_about_their_own_hall(county):
    said: dict[str, Any] = {"kind": Kind.COMPLAINT, "words": WORDS, "channel": Channel.VISIT}
    window = county.actor("window0")
    voice = lodge_voice(Lodging(hall=county.villages[0].code, **said), key=uuid4(), actor=window)
    assert voice.recorded_by_id == window.user_id
    with pytest.raises(Refused, match="自己的单位"):
        lodge_voice(Lodging(hall=county.townships[0].code, **said), key=uuid4(), actor=window)
    with pytest.raises(Refused, match="自己的单位"):
        lodge_voice(Lodging(hall=county.villages[0].code, **said), key=uuid4(), actor=county.actor("clerk0"))
    with pytest.raises(NotPermitted):
        lodge_voice(Lodging(hall=county.villages[0].code, **said), key=uuid4(), actor=county.actor("approver0"))


@db
def test_a_report_of_repeated_trips_says_how_often_and_which_matter(county):
    case = county.accepted(county.matter())
    voice = lodged(county.villages[0], Kind.REPEAT, case_number=case.number)
    assert (voice.application, voice.matter, voice.trips) == (case, case.matter, 3)
    with pytest.raises(Invalid) as fault:
        lodged(county.villages[0], Kind.REPEAT, case_number=case.number, trips=1)
    assert fault.value.field == "trips"
    with pytest.raises(Invalid) as fault:
        lodged(county.villages[0], Kind.REPEAT)
    assert fault.value.field == "matter"


@db
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"words": "太短"}, "words"),
        ({"words": "长" * 2001}, "words"),
        ({"hall": "没有的"}, "hall"),
        ({"matter": "没有的"}, "matter"),
        ({"department": "没有的"}, "department"),
        ({"phone": "12"}, "phone"),
        ({"case_number": "9999"}, "case_number"),
    ],
)
def test_what_cannot_be_taken_names_its_field(county, said, field):
    with pytest.raises(Invalid) as fault:
        lodged(county.villages[0], **said)
    assert fault.value.field == field
    assert not Voice.objects.exists()


# --- the course of a complaint --------------------------------------------------------------------------------------


@db
def test_a_complaint_from_its_receipt_to_the_files(county):
    director, clerk = county.actor("director0"), county.actor("clerk0")
    voice = lodged(county.villages[0])
    papers = [accept_voice(voice.number, actor=director).paper]
    investigate_voice(voice.number, actor=director, words="查看了当天的监控和值班表")
    release_summary(voice.number, actor=director, summary="反映三月二日上午服务点没有人值守")
    explain_voice(voice.number, actor=clerk, words="当天去县里开会，没有安排人顶班")
    papers.append(extend_voice(voice.number, actor=director, days=12, reason="要找当天在场的人核实").paper)
    assert Term.objects.get(pk=voice.term_id).due_at == shanghai("2026-03-23 23:59:59")
    at("2026-03-20 09:00")
    papers.append(answer_voice(voice.number, actor=director, words="已安排顶班", result="upheld").paper)
    close_voice(voice.number, actor=director, way="phone")
    assert state(voice) == State.CLOSED
    term = Term.objects.get(pk=voice.term_id)
    assert (term.state, term.stopped_at) == ("stopped", shanghai("2026-03-20 09:00"))
    assert [re.sub("[0-9]", "", paper) for paper in papers] == [
        "示东乡政务诉受〔〕号",
        "示东乡政务诉延〔〕号",
        "示东乡政务诉结〔〕号",
    ]
    verbs = list(VoiceAct.objects.filter(voice=voice).values_list("verb", flat=True))
    assert verbs == ["lodge", "accept", "investigate", "release", "explain", "extend", "answer", "close"]
    assert len(PAPERS) == 4


@db
def test_an_extension_is_one_in_time_reasoned_and_fifteen_days_in_all(county):
    supervisor = county.actor("supervisor")
    voice = accepted(county, county.villages[0])
    with pytest.raises(Invalid, match="合计不超过 15"):
        extend_voice(voice.number, actor=supervisor, days=13, reason="复杂")
    with pytest.raises(Invalid, match="理由"):
        extend_voice(voice.number, actor=supervisor, days=5, reason=" ")
    extend_voice(voice.number, actor=supervisor, days=5, reason="复杂")
    with pytest.raises(Refused, match="延期过一次"):
        extend_voice(voice.number, actor=supervisor, days=1, reason="还要")
    late = accepted(county, county.villages[0])
    at("2026-03-06 00:00")
    with pytest.raises(Refused, match="已经过了"):
        extend_voice(late.number, actor=supervisor, days=5, reason="复杂")


@db
def test_a_complaint_is_refused_on_a_published_ground_with_the_way_that_is_open(county):
    supervisor = county.actor("supervisor")
    voice = lodged(county.villages[0])
    for given_ground, reason, instead, field in (
        ("busy", "没空", "", "ground"),
        ("no_evidence", "", "", "reason"),
        ("other_channel", "已经起诉", "", "instead"),
    ):
        with pytest.raises(Invalid) as fault:
            refuse_voice(voice.number, actor=supervisor, ground=given_ground, reason=reason, instead=instead)
        assert fault.value.field == field
    act = refuse_voice(
        voice.number, actor=supervisor, ground="other_channel", reason="已经起诉", instead="县人民法院，行政诉讼"
    )
    assert "诉不受" in act.paper
    assert state(voice) == State.REFUSED
    with pytest.raises(Refused, match="不能受理"):
        accept_voice(voice.number, actor=supervisor)


@db
def test_whoever_left_a_telephone_is_called(county):
    supervisor = county.actor("supervisor")
    voice = accepted(county, county.villages[0])
    answer_voice(voice.number, actor=supervisor, words="查无此事", result="unfounded")
    with pytest.raises(Invalid, match="电话告知"):
        close_voice(voice.number, actor=supervisor, way="page")
    anonymous = accepted(county, county.villages[0], name="", phone="")
    answer_voice(anonymous.number, actor=supervisor, words="查无此事", result="unfounded")
    for way in ("phone", "visit", "letter"):
        with pytest.raises(Invalid, match="没有留"):
            close_voice(anonymous.number, actor=supervisor, way=way)
    close_voice(anonymous.number, actor=supervisor, way="page")


@db
def test_a_look_at_the_telephone_is_on_record_and_needs_a_reason(county):
    voice = lodged(county.villages[0])
    with pytest.raises(Invalid, match="原因"):
        reveal_voice(voice.number, actor=county.actor("director0"), reason="")
    assert reveal_voice(voice.number, actor=county.actor("director0"), reason="核实") == (NAME, PHONE)
    act = VoiceAct.objects.get(voice=voice, verb="reveal")
    assert (act.user, act.words) == (county.people["director0"], "核实")
    anonymous = lodged(county.villages[0], name="", phone="")
    with pytest.raises(Refused, match="没有留"):
        reveal_voice(anonymous.number, actor=county.actor("director0"), reason="核实")


@db
def test_what_is_released_names_nobody(county):
    voice = accepted(county, county.villages[0])
    director = county.actor("director0")
    for summary in (f"{NAME}反映没人值守", f"电话{PHONE}的群众反映", "身份证11010519491231002X的群众反映", WORDS):
        with pytest.raises(Invalid):
            release_summary(voice.number, actor=director, summary=summary)
    with pytest.raises(NotFound):
        explain_voice(voice.number, actor=county.actor("clerk0"), words="还没有人问我")


@db
def test_a_director_hands_up_and_the_limit_goes_on(county):
    voice = lodged(county.villages[0])
    due = voice.term.due_at
    hand_up_voice(voice.number, actor=county.actor("director0"), reason="与被投诉人是亲属，应当回避")
    term = Term.objects.get(pk=voice.term_id)
    assert (term.seat_path, term.due_at) == (county.hall.path, due)
    with pytest.raises(NotFound):
        accept_voice(voice.number, actor=county.actor("director0"))
    with pytest.raises(Refused, match="没有上一级"):
        hand_up_voice(voice.number, actor=county.actor("supervisor"), reason="转")
