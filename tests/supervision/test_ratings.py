"""好差评: rated once, judged by others, put right in time, published without names."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.lights import Colour
from applications.models import AccessRecord, Application
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions._put_rating import Opinion
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.contact_rater import contact_rater
from supervision.actions.decide_appeal import decide_appeal
from supervision.actions.enter_rating import enter_rating
from supervision.actions.extend_rectification import extend_rectification
from supervision.actions.prove_lights import prove_lights
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rate import rate
from supervision.actions.rectify import rectify
from supervision.actions.revisit_rater import revisit_rater
from supervision.actions.show_phone import show_phone_to_enter, show_raters_phone
from supervision.actions.sweep import sweep
from supervision.actions.verify_rating import Held, verify_rating
from supervision.domain.public_words import masked
from supervision.domain.ratings import BAD, DETAILS, LEVELS, Act, State, after, check_opinion, superior_of
from supervision.figures import Present
from supervision.figures_ratings import RATING_FIGURES
from supervision.models import Message, Rating, RatingAct, TermWarning
from supervision.selectors.ratings import acted_on_by, levels_below, published, visible_ratings
from supervision.selectors.terms import colour_of_term
from tests.factories.halls import person_in_post
from tests.factories.ratings import rating_token
from tests.supervision.county import APPLICANT, at
from tests.supervision.rating import bad, called, called_again, ended, given_by, percent, verified

pytestmark = pytest.mark.django_db
NO_GROUND = "调看录像，按办事指南收取材料"


# --- what is said ----------------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(LEVELS)), st.text(max_size=20), st.data())
def test_a_bad_rating_says_why_and_a_code_belongs_to_its_level(level, text, data):
    codes = data.draw(st.lists(st.sampled_from(sorted(DETAILS[level])), unique=True, max_size=3))
    if level in BAD and not codes and not text.split():
        with pytest.raises(Invalid) as told:
            check_opinion(level, codes, text)
        assert [(problem.field, bool(problem.cure)) for problem in told.value.problems] == [("details", True)]
        return
    assert check_opinion(level, codes, text)[0] == sorted(codes)
    other = 6 - level if level != 3 else 5
    with pytest.raises(Invalid):
        check_opinion(level, [next(iter(DETAILS[other]))], text)


def test_every_code_of_the_national_interface_is_there_once():
    codes = [code for level in LEVELS for code in DETAILS[level]]
    assert len(codes) == len(set(codes)) == 40
    assert all(code.startswith(str(level)) for level in LEVELS for code in DETAILS[level])


@given(st.sampled_from(State), st.sampled_from(Act), st.integers(0, 5))
def test_no_act_leads_out_of_exclusion_and_only_the_end_of_the_way_closes(state, act, attempts):
    to = after(state, act, attempts=attempts)
    if state is State.EXCLUDED:
        assert to is None
    if to is State.CLOSED and state is not State.CLOSED:
        assert act in (Act.PUBLISH, Act.EXPLAIN)


@pytest.mark.parametrize(("path", "above"), [("1/2/3/", "1/2/"), ("1/2/", "1/"), ("1/", "1/"), ("1/~A/", "1/")])
def test_whoever_stands_above(path, above):
    assert superior_of(path) == above


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("王小示说 13800138000 打不通", "王**说 （号码已隐去） 打不通"),
        ("证件 11010519491231002X，2026年", "证件 （号码已隐去），2026年"),
        ("王 小示来过 3 次，收 20 元", "王**来过 3 次，收 20 元"),
        ("办件 9002 0026 0302 0001", "办件 （号码已隐去）"),
    ],
)
def test_published_words_hold_no_name_and_no_number(text, kept):
    assert masked(text, {"王小示"}) == kept


# --- who rates, and how often ----------------------------------------------------------------------------------------


def test_a_paper_rates_once(county):
    case = ended(county)
    rating = given_by(case, level=5, details=["517"])
    assert (rating.level, rating.state, rating.path) == (5, "plain", county.villages[0].path)
    with pytest.raises(Refused, match="评价过"):
        given_by(case, level=1)


def test_a_wrong_token_opens_nothing(county):
    case, other = ended(county), ended(county)
    with pytest.raises(NotFound):
        rate(case.number, rating_token(other.number), Opinion(5, "qr"), actor=None)


def test_nobody_at_work_rates(county):
    case = ended(county)
    for who in ("clerk0", "director0", "supervisor"):
        with pytest.raises(NotPermitted, match="工作账号"):
            rate(case.number, rating_token(case.number), Opinion(5, "qr"), actor=county.actor(who))


def test_not_before_the_end_and_not_after_thirty_days(county):
    running = county.accepted(county.matter())
    with pytest.raises(NotFound):
        given_by(running)
    case = ended(county)
    at("2026-04-01 10:00")
    assert given_by(case, level=4, details=[]).level == 4
    late = Application.objects.get(pk=ended(county).pk)
    at("2026-05-02 10:00")
    with pytest.raises(Refused, match="30 天"):
        given_by(late)


def test_a_call_or_a_letter_is_entered_from_above_by_somebody_else(county):
    case = ended(county)
    said = Opinion(2, "phone", text="等了很久")
    for who in ("clerk0", "window0"):
        with pytest.raises(NotPermitted):
            enter_rating(case.number, said, actor=county.actor(who))
    with pytest.raises(NotFound):
        enter_rating(case.number, said, actor=county.actor("director1"))
    with pytest.raises(Invalid, match="电话回访或邮寄"):
        enter_rating(case.number, Opinion(2, "qr", text="等了很久"), actor=county.actor("director0"))
    with pytest.raises(Refused, match="查看这一件联系电话"):
        enter_rating(case.number, said, actor=county.actor("director0"))
    show_phone_to_enter(ended(county).number, actor=county.actor("director0"))  # of another case
    with pytest.raises(Refused, match="查看这一件联系电话"):
        enter_rating(case.number, said, actor=county.actor("director0"))
    assert show_phone_to_enter(case.number, actor=county.actor("director0")).phone == "13800138000"
    rating = enter_rating(case.number, said, actor=county.actor("director0"))
    with pytest.raises(Refused, match="已经评价过"):
        show_phone_to_enter(case.number, actor=county.actor("director0"))
    assert (rating.channel, rating.entered_by_id) == ("phone", county.people["director0"].pk)
    with pytest.raises(Invalid, match="渠道"):
        rate(case.number, rating_token(case.number), Opinion(5, "phone"), actor=None)


def test_the_third_rating_from_one_device_is_suspicious(county):
    for n in range(4):
        given_by(ended(county), level=5, details=[], client="c", device="d")
        assert Rating.objects.latest("pk").earlier == n
    at("2026-03-04 10:00")
    given_by(ended(county), level=5, details=[], client="c", device="d")
    assert Rating.objects.latest("pk").earlier == 0
    suspicious = RATING_FIGURES["suspicious"].condition(Present.at(read_moment().at))
    assert Rating.objects.filter(suspicious).count() == 2


# --- a bad one -------------------------------------------------------------------------------------------------------


def test_a_bad_rating_goes_its_whole_way(county):
    rating = bad(county)
    assert (rating.state, rating.contact_term.seat_path) == ("contacting", county.townships[0].path)
    told = Message.objects.get(key=f"rating:{rating.pk}:new")
    assert told.user_id == county.people["director0"].pk
    assert rating.application.number not in told.words
    director, clerk = county.actor("director0"), county.actor("clerk0")
    verified(county, rating)
    rating.refresh_from_db()
    assert (rating.state, rating.validity, rating.level) == ("rectifying", "valid", 1)
    assert rating.contact_term.state == "stopped"
    assert Message.objects.filter(key=f"rating:{rating.pk}:rectify", user=county.people["clerk0"]).exists()
    extend_rectification(rating.pk, actor=director, days=3, reason="要等部门派人")
    rectify(rating.pk, actor=clerk, note="已当面道歉，安排培训")
    answer_rater(rating.pk, actor=director, is_explained=False, note="电话告知整改情况")
    with pytest.raises(Refused, match="另一个人"):
        revisit_rater(rating.pk, actor=director, is_content=True, note="群众认可")
    with pytest.raises(Refused, match="查看评价人电话"):
        revisit_rater(rating.pk, actor=county.actor("supervisor"), is_content=True, note="群众认可")
    called_again(rating.pk, county.actor("supervisor"), is_content=True)
    clerks_name = county.people["clerk0"].full_name
    publish_rating(rating.pk, actor=director, account=f"王小示反映{clerks_name}态度差，电话 13800138000，已整改")
    rating.refresh_from_db()
    assert (rating.state, rating.rectify_term.state, rating.level) == ("closed", "stopped", 1)
    account = rating.acts.get(act="publish").reason
    assert "王小示" not in account
    assert clerks_name not in account
    assert "13800138000" not in account
    assert percent("rectified_in_time") == percent("contacted_in_time") == percent("revisited") == (1, 1)
    assert not prove_lights().differences


def test_each_limit_warns_turns_red_and_is_told(county):
    rating = bad(county)  # Monday 2 March
    assert colour_of_term(rating.contact_term, read_moment().at) is not Colour.RED
    at("2026-03-04 10:00")
    sweep()
    assert TermWarning.objects.filter(term=rating.contact_term, level="yellow").exists()
    assert percent("contacted_in_time") == (0, 1)
    verified(county, rating)
    limit = Rating.objects.get().rectify_term
    assert limit is not None
    assert limit.due_at.date().isoformat() == "2026-03-11"
    at("2026-03-12 10:00")
    sweep()
    assert TermWarning.objects.filter(level="red", term=limit).exists()
    with pytest.raises(Refused, match="已经过了"):
        extend_rectification(rating.pk, actor=county.actor("director0"), days=1, reason="还要几天")


def test_three_calls_that_nobody_answers_lead_on(county):
    rating, director = bad(county), county.actor("director0")
    with pytest.raises(Refused, match="查看评价人电话"):
        contact_rater(rating.pk, actor=director, is_reached=False, note="无人接听")
    show_raters_phone(rating.pk, actor=director)
    for minute in ("10:00", "10:30", "11:00"):
        at(f"2026-03-02 {minute}")
        assert contact_rater(rating.pk, actor=director, is_reached=False, note="无人接听").pk == rating.pk
        if minute == "10:00":
            with pytest.raises(Refused, match="半小时"):
                contact_rater(rating.pk, actor=director, is_reached=False, note="无人接听")
    rating.refresh_from_db()
    assert rating.state == "verifying"


def test_what_has_no_ground_is_confirmed_by_another_person_and_only_then_counts_no_more(county):
    rating, director = bad(county), county.actor("director0")
    called(rating.pk, director)
    with pytest.raises(Invalid) as fault:
        verify_rating(rating.pk, actor=director, is_valid=False, note="按指南办理")
    assert fault.value.field == "public"
    with pytest.raises(Invalid, match="姓名"):
        verify_rating(rating.pk, actor=director, is_valid=False, note="按指南办理", shown="王小示的材料没有多收")
    verify_rating(rating.pk, actor=director, is_valid=False, note="按指南办理，没有多收材料", shown=NO_GROUND)
    assert percent("satisfaction") == (0, 1)
    assert levels_below(county.villages[0], read_moment().at) == [(county.villages[0], {1: 1})]
    assert not published(county.villages[0]).exists()
    assert not visible_ratings(director).filter(acted_on_by(director)).exists()
    with pytest.raises(Refused, match="另一个人确认"):
        answer_rater(rating.pk, actor=director, is_explained=True, note="已说明依据，群众理解")
    assert Message.objects.filter(key=f"rating:{rating.pk}:confirm", user=county.people["supervisor"]).exists()
    above = county.actor("supervisor")
    assert visible_ratings(above).filter(acted_on_by(above)).get() == rating
    answer_rater(rating.pk, actor=above, is_explained=True, note="已说明依据，群众理解")
    rating.refresh_from_db()
    assert (rating.state, rating.validity, rating.level) == ("closed", "invalid", 1)
    assert percent("satisfaction") == (0, 0)
    assert published(county.townships[0]).get() == rating


def test_whoever_is_to_confirm_may_find_that_there_is_a_ground(county):
    rating, director, above = bad(county), county.actor("director0"), county.actor("supervisor")
    called(rating.pk, director)
    verify_rating(rating.pk, actor=director, is_valid=False, note="按指南办理", shown=NO_GROUND)
    with pytest.raises(Refused, match="另一个人确认"):
        verify_rating(rating.pk, actor=director, is_valid=True, note="还是属实")
    user = county.people["director0"]
    with pytest.raises(DatabaseError, match="whoever found no ground"), transaction.atomic():
        RatingAct.objects.create(
            rating=rating, act="explain", to_state="closed", reason="已解释", user=user, person_code=user.person_code,
            at=rating.rated_at,
        )  # fmt: skip
    verify_rating(rating.pk, actor=above, is_valid=True, note="录像里窗口没有人", shown="请安排顶班")
    rating.refresh_from_db()
    assert (rating.state, rating.validity) == ("rectifying", "valid")
    assert rectify(rating.pk, actor=county.actor("clerk0"), note="已安排").state == "answering"


def test_somebody_without_a_telephone_is_reached_without_looking_at_one(county, monkeypatch):
    monkeypatch.setattr("tests.supervision.county.APPLICANT", replace(APPLICANT, phone=""))
    rating, director = bad(county), county.actor("director0")
    assert contact_rater(rating.pk, actor=director, is_reached=True, note="到家里说明").state == "verifying"


@pytest.mark.parametrize("who", ["clerk0", "window0", "examiner0", "director1", "bureau_director"])
def test_only_from_above_and_never_by_a_neighbour(county, who):
    rating = bad(county)
    with pytest.raises((NotFound, NotPermitted)):
        contact_rater(rating.pk, actor=county.actor(who), is_reached=True, note="本人接听")
    with pytest.raises((NotFound, NotPermitted, Refused)):
        rectify(rating.pk, actor=county.actor(who), note="已整改")


def test_whoever_worked_on_the_case_judges_nothing(county):
    clerk_who_watches = person_in_post(PostKind.SUPERVISOR, county.townships[0], user=county.people["clerk0"])
    rating = bad(county)
    county.people["both"] = clerk_who_watches
    called(rating.pk, county.actor("director0"))
    with pytest.raises(Refused, match="经办过"):
        verify_rating(rating.pk, actor=county.actor("both"), is_valid=False, note="没有依据", shown=NO_GROUND)
    with pytest.raises(DatabaseError, match="worked on the case"), transaction.atomic():
        RatingAct.objects.create(
            rating=rating, act="invalid", to_state="explaining", reason="没有依据", user=clerk_who_watches,
            person_code=clerk_who_watches.person_code, at=rating.rated_at,
        )  # fmt: skip


def test_the_organ_that_accepted_may_have_to_put_it_right(county):
    rating, director = bad(county), county.actor("director0")
    called(rating.pk, director)
    with pytest.raises(Invalid, match="责任单位"):
        verify_rating(rating.pk, actor=director, is_valid=True, note="属实", held=Held(county.townships[1].path))
    verify_rating(
        rating.pk,
        actor=director,
        is_valid=True,
        note="属实，窗口的事",
        held=Held(county.townships[0].path, "材料是窗口收的"),
    )
    with pytest.raises(NotPermitted):
        rectify(rating.pk, actor=county.actor("clerk0"), note="已整改")
    assert rectify(rating.pk, actor=county.actor("window0"), note="窗口已改").state == "answering"


def test_an_appeal_is_decided_by_the_county_and_what_is_excluded_stays_visible(county):
    rating = bad(county)
    with pytest.raises(Refused, match="没有人提出申诉"):
        decide_appeal(rating.pk, actor=county.actor("supervisor"), is_excluded=True, reason="恶意")
    appeal_rating(rating.pk, actor=county.actor("clerk0"), reason="评价人评错了窗口")
    with pytest.raises(NotPermitted, match="县监察员"):
        decide_appeal(rating.pk, actor=county.actor("director0"), is_excluded=True, reason="恶意")
    with pytest.raises(Refused, match="已经办过"):
        appeal_rating(rating.pk, actor=county.actor("clerk0"), reason="再申诉一次")
    decide_appeal(rating.pk, actor=county.actor("supervisor"), is_excluded=True, reason="王小示承认评错")
    rating.refresh_from_db()
    assert (rating.state, rating.validity, rating.level) == ("excluded", "excluded", 1)
    assert rating.contact_term.state == "stopped"
    assert rating.acts.get(act="exclude").reason == "王**承认评错"
    assert visible_ratings(county.actor("clerk0")).filter(pk=rating.pk).exists()
    assert percent("satisfaction") == (0, 0)
    with pytest.raises(Refused):
        contact_rater(rating.pk, actor=county.actor("director0"), is_reached=True, note="本人接听")


def test_an_appeal_that_is_turned_down_changes_nothing(county):
    rating = bad(county)
    appeal_rating(rating.pk, actor=county.actor("clerk0"), reason="评错了")
    decide_appeal(rating.pk, actor=county.actor("supervisor"), is_excluded=False, reason="没有证据")
    rating.refresh_from_db()
    assert (rating.state, rating.validity) == ("contacting", "")
    assert verified(county, rating).state == "rectifying"


def test_whoever_appeals_does_not_decide(county):
    rating, both = bad(county), person_in_post(PostKind.VILLAGE_CLERK, county.villages[0])
    county.people["both"] = person_in_post(PostKind.SUPERVISOR, county.hall, user=both)
    appeal_rating(rating.pk, actor=county.actor("both"), reason="像是刷的")
    with pytest.raises(Refused, match="同一个人"):
        decide_appeal(rating.pk, actor=county.actor("both"), is_excluded=True, reason="像是刷的")


def test_whom_to_call_is_shown_to_whoever_calls_and_written_down(county):
    rating = bad(county)
    with pytest.raises(NotPermitted):
        show_raters_phone(rating.pk, actor=county.actor("clerk0"))
    number = show_raters_phone(rating.pk, actor=county.actor("director0"))
    assert number == ("王**", "13800138000")
    assert AccessRecord.objects.get(application=rating.application).reason == "差评回访"
    good = given_by(ended(county), level=5, details=[])
    with pytest.raises(Refused):
        show_raters_phone(good.pk, actor=county.actor("director0"))
