"""Pages of complaints and inquiries: for villagers without a login, for those who handle them, for the accused."""

import re
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from applications.domain.numbers import parse_case_number
from applications.sealing import query_code
from halls.domain.errors import Invalid
from supervision.actions._voice import asked_as
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_voice import answer_voice
from supervision.actions.extend_voice import extend_voice
from supervision.actions.hand_up_voice import hand_up_voice
from supervision.actions.publish_answer import publish_answer
from supervision.actions.refuse_voice import refuse_voice
from supervision.actions.release_summary import release_summary
from supervision.domain.voices import Kind
from supervision.models import Voice, VoiceAct
from supervision.voice_link import speak_path, ticket_of
from tests.supervision.county import at
from tests.supervision.voices import NAME, PHONE, WORDS, accepted, lodged

pytestmark = pytest.mark.django_db


def as_(county, name):
    client = Client()
    client.force_login(county.people[name], "django.contrib.auth.backends.ModelBackend")
    return client


def text(answer):
    plain = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", plain)


# --- for villagers --------------------------------------------------------------------------------------------------


def test_the_way_of_a_villager_from_the_code_on_the_board_to_the_answer(county):
    village, anybody = county.villages[0], Client()
    hub = anybody.get(reverse("voices"), {"hall": village.code})
    assert f"{reverse('voice_complain')}?hall={village.code}" in hub.content.decode()
    page = anybody.get(reverse("voice_complain"), {"hall": village.code})
    assert page.context["form"]["hall"].value() == village.code
    assert village.short_name in text(page)
    body = {"hall": village.code, "words": WORDS, "key": str(uuid4()), "name": NAME, "phone": PHONE}
    sent = anybody.post(reverse("voice_complain"), body)
    voice = Voice.objects.get()
    assert sent["Location"] == reverse("voice_receipt", args=[ticket_of(voice.number)])
    again = anybody.post(reverse("voice_complain"), body)
    assert again["Location"] == sent["Location"]
    receipt = text(anybody.get(sent["Location"]))
    assert voice.display_number in receipt
    assert query_code(voice.number)[:4] in receipt
    for way in ("print", "slip"):
        paper = anybody.get(sent["Location"], {way: "1"})
        assert "最晚 2026年3月5日（周四）答复" in text(paper)
        assert not {WORDS, NAME, PHONE} & set(re.findall("|".join((WORDS, NAME, PHONE)), text(paper)))

    director = county.actor("director0")
    accept_voice(voice.number, actor=director)
    extend_voice(voice.number, actor=director, days=5, reason="要找当天在场的人")
    answer = anybody.post(reverse("voice_follow"), {"number": voice.number.lower(), "code": query_code(voice.number)})
    followed = anybody.get(answer["Location"])
    assert "正在核实" in text(followed)
    assert "办理时间延长 5 个工作日。理由：要找当天在场的人" in text(followed)
    assert "2026年3月12日" in text(followed)
    assert (followed["X-Robots-Tag"], followed["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    at("2026-03-13 09:00")
    assert "已经超过期限" in text(anybody.get(answer["Location"]))
    answer_voice(voice.number, actor=director, words="已安排顶班", result="upheld")
    assert "所反映的情况属实。已安排顶班" in text(anybody.get(answer["Location"]))


def test_every_paper_is_printed_with_number_ground_and_citation(county):
    supervisor = county.actor("supervisor")
    done = accepted(county, county.villages[0])
    extend_voice(done.number, actor=supervisor, days=12, reason="情况复杂")
    answer_voice(done.number, actor=supervisor, words="已经整改", result="partly")
    refused = lodged(county.villages[0])
    refuse_voice(
        refused.number, actor=supervisor, ground="other_channel", reason="已经起诉", instead="县人民法院，行政诉讼"
    )
    said = {}
    for act in VoiceAct.objects.exclude(paper="").select_related("voice"):
        page = Client().get(reverse("voice_paper_by_token", args=[ticket_of(act.voice.number), act.pk]))
        said[act.verb] = text(page)
        assert act.paper in said[act.verb]
        assert NAME not in said[act.verb]
        assert PHONE not in said[act.verb]
        inside = as_(county, "supervisor").get(reverse("voice_paper", args=[act.voice.number, act.pk]))
        assert act.paper in text(inside)
    assert "投诉受理告知书" in said["accept"]
    assert "最晚 2026年3月5日（含当日）" in said["accept"]  # as it was told then, not as extended since
    assert "延期告知书" in said["extend"]
    assert "GB/T 36113—2018" in said["extend"]
    assert "最晚 2026年3月23日" in said["extend"]
    assert "部分属实" in said["answer"]
    assert "不予受理告知书" in said["refuse"]
    assert "GB/T 36113—2018" in said["refuse"]
    assert "县人民法院，行政诉讼" in said["refuse"]
    other = Client().get(
        reverse(
            "voice_paper_by_token",
            args=[ticket_of(refused.number), VoiceAct.objects.filter(voice=done, verb="answer").get().pk],
        )
    )
    assert other.status_code == 404


def test_a_slip_in_the_form_is_told_at_its_field(county):
    village = county.villages[0]
    for body, field in (
        ({"words": "短", "hall": village.code}, "words"),
        ({"words": WORDS}, "hall"),
        ({"words": WORDS, "hall": village.code, "phone": "1"}, "phone"),
        ({"words": WORDS, "hall": village.code, "case_number": "12"}, "case_number"),
        ({"words": WORDS + "\0", "hall": village.code}, "words"),
    ):
        answer = Client().post(reverse("voice_complain"), {"key": str(uuid4()), **body})
        assert answer.status_code == 422
        assert answer.context["form"].errors[field]
    assert not Voice.objects.exists()


def test_too_many_from_one_address_are_told_so(county):
    body = {"hall": county.villages[0].code, "words": WORDS}
    answers = [Client().post(reverse("voice_ask"), {**body, "key": str(uuid4())}).status_code for _ in range(21)]
    assert answers == [302] * 20 + [429]


def test_a_report_of_repeated_trips_from_the_receipt_of_the_case(county):
    case = county.accepted(county.matter())
    page = Client().get(speak_path(case=case.number).replace(reverse("voices"), reverse("voice_repeat")))
    given = page.context["form"]
    assert given["case_number"].value() == case.number
    proof = given["case_proof"].value()
    body = {"case_number": case.number, "case_proof": proof, "trips": 3, "words": WORDS, "key": str(uuid4())}
    assert Client().post(reverse("voice_repeat"), body).status_code == 302
    voice = Voice.objects.get()
    assert (voice.application, voice.hall, voice.matter) == (case, case.hall, case.matter)
    listed = text(as_(county, "supervisor").get(reverse("voice_list"), {"figure": "repeat_month"}))
    assert f"{case.hall.name} · {case.matter.name}：1" in listed


def test_a_number_that_somebody_quotes_ties_no_case_of_another_hall_and_tells_nothing_of_any(county):
    here, elsewhere = county.accepted(county.matter()), county.accepted(county.matter(), 1)
    nobody = next(n for n in (f"{int(here.number) + step:016d}" for step in range(1, 400)) if _is_sound(n))
    answers = []
    for number in (here.number, elsewhere.number, nobody):
        body = {"case_number": number, "trips": 3, "words": WORDS, "key": str(uuid4())}
        page = Client().post(reverse("voice_repeat"), body)
        answers.append((page.status_code, set(page.context["form"].errors)))
        body |= {"hall": county.villages[0].code, "key": str(uuid4())}
        assert Client().post(reverse("voice_repeat"), body).status_code == 302
    assert answers == [(422, {"hall"})] * 3
    assert list(Voice.objects.order_by("pk").values_list("application", flat=True)) == [here.pk, None, None]
    for voice in Voice.objects.all():
        page = text(as_(county, "director0").get(reverse("voice", args=[voice.number])))
        assert elsewhere.matter.name not in page
    forged = {"case_number": elsewhere.number, "case_proof": "A" * 22, "hall": county.villages[0].code}
    body = {**forged, "trips": 3, "words": WORDS, "key": str(uuid4())}
    assert Client().post(reverse("voice_repeat"), body).status_code == 302
    assert Voice.objects.latest("pk").application is None


def _is_sound(number):
    try:
        return bool(parse_case_number(number))
    except Invalid:
        return False


def test_another_complaint_under_a_key_that_was_used_is_refused_and_not_swallowed(county):
    body = {"words": WORDS, "hall": county.villages[0].code, "name": "王小示", "key": str(uuid4())}
    first, again = (Client().post(reverse("voice_complain"), body) for _ in range(2))
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    for change in ({"words": f"{WORDS}后来又去了一次"}, {"hall": county.townships[0].code}, {"name": "王二示"}):
        other = Client().post(reverse("voice_complain"), body | change)
        assert other.status_code == 409, change
        assert "没有收下" in text(other)
    assert Voice.objects.count() == 1


def test_an_answer_that_was_made_public_stands_on_the_guide(county):
    matter = county.matter()
    clerk = county.actor("clerk0")
    voice = lodged(county.villages[0], Kind.INQUIRY, matter=matter.code)
    answer_voice(voice.number, actor=clerk, words="带户口簿")
    page = reverse("guide", args=[matter.code])
    assert "大家问过的" not in text(Client().get(page))
    publish_answer(voice.number, actor=clerk, question="要带什么？", answer="带户口簿就可以")
    assert "要带什么？ 带户口簿就可以" in text(Client().get(page))
    assert NAME not in text(Client().get(page))


# --- for people at work ---------------------------------------------------------------------------------------------


def test_the_desk_lists_what_lies_there_the_most_urgent_first(county):
    late = lodged(county.villages[0])
    at("2026-03-04 10:00")
    fresh = lodged(county.villages[0])
    at("2026-03-06 10:00")
    mine = as_(county, "director0").get(reverse("voice_list"))
    shown = text(mine)
    assert shown.index(late.display_number) < shown.index(fresh.display_number)
    assert mine.context["rows"][0]["light"]["kind"] == "red"
    # The county's supervisor reads it too, but it lies on the township's desk.
    assert not as_(county, "supervisor").get(reverse("voice_list")).context["rows"]
    assert len(as_(county, "supervisor").get(reverse("voice_list"), {"tab": "all"}).context["rows"]) == 2
    assert not as_(county, "director1").get(reverse("voice_list"), {"tab": "all"}).context["rows"]


def test_every_act_is_done_on_its_page(county):
    director = as_(county, "director0")
    voice = lodged(county.villages[0])
    steps = [
        ("accept", {}),
        ("investigate", {"words": "查了值班表"}),
        ("release", {"summary": "反映服务点没有人值守"}),
        ("extend", {"days": 5, "reason": "要核实"}),
        ("answer", {"result": "upheld", "words": "已整改"}),
        ("close", {"way": "phone"}),
    ]
    for verb, body in steps:
        page = reverse("voice_verb", args=[voice.number, verb])
        assert director.get(page).status_code == 200, verb
        assert director.post(page, body)["Location"] == reverse("voice", args=[voice.number]), verb
    assert Voice.objects.get().state == "closed"
    assert director.get(reverse("voice_verb", args=[voice.number, "accept"])).status_code == 409
    shown = text(director.get(reverse("voice", args=[voice.number])))
    assert WORDS in shown
    assert NAME not in shown
    assert PHONE not in shown
    other = lodged(county.villages[0])
    up = reverse("voice_verb", args=[other.number, "hand_up"])
    assert director.post(up, {"reason": "应当回避"})["Location"] == reverse("voice_list")
    empty = director.post(
        reverse("voice_verb", args=[lodged(county.villages[0]).number, "refuse"]), {"ground": "outside"}
    )
    assert empty.status_code == 422


def test_the_page_offers_no_way_and_no_step_that_is_refused(county):
    client = as_(county, "supervisor")
    voice = accepted(county, county.villages[0], name="", phone="")
    hand_up_voice(voice.number, actor=county.actor("director0"), reason="应当回避")
    page = client.get(reverse("voice", args=[voice.number])).content.decode()
    assert reverse("voice_verb", args=[voice.number, "extend"]) in page
    assert reverse("voice_verb", args=[voice.number, "hand_up"]) not in page
    answer_voice(voice.number, actor=county.actor("supervisor"), words="查无此事", result="unfounded")
    form = client.get(reverse("voice_verb", args=[voice.number, "close"])).context["form"]
    assert [value for value, _label in form.fields["way"].choices] == ["page"]
    assert form["way"].value() == "page"


def test_the_telephone_is_shown_once_and_on_record(county):
    voice = lodged(county.villages[0])
    shown = as_(county, "director0").post(reverse("voice_reveal", args=[voice.number]), {"reason": "核实情况"})
    assert PHONE in text(shown)
    assert shown["Cache-Control"] == "no-store"
    assert VoiceAct.objects.get(verb="reveal").words == "核实情况"


def test_a_clerk_writes_down_what_a_villager_says_and_hands_over_the_receipt(county):
    window = as_(county, "window0")
    page = reverse("voice_new_complaint")
    assert window.get(page).status_code == 200
    body = {"hall": county.villages[0].code, "words": WORDS, "channel": "visit", "key": str(uuid4())}
    answer = window.post(page, body)
    voice = Voice.objects.get()
    assert answer["Location"] == reverse("voice_receipt", args=[ticket_of(voice.number)])
    assert (voice.channel, voice.recorded_by) == ("visit", county.people["window0"])
    own = window.post(page, {**body, "hall": county.townships[0].code, "key": str(uuid4())})
    assert own.status_code == 409


def test_the_case_page_tells_of_complaints_to_those_who_read_them_and_to_nobody_else(county):
    case = county.accepted(county.matter())
    voice = lodged(county.villages[0], case_number=case.number)
    page = reverse("case", args=[case.number])
    assert voice.display_number in text(as_(county, "director0").get(page))
    assert voice.display_number in text(as_(county, "supervisor").get(page))
    for other in ("clerk0", "window0", "examiner0", "approver0"):
        assert voice.display_number not in text(as_(county, other).get(page)), other


def test_the_hall_page_tells_of_them_to_those_who_handle_them_and_after_release_to_the_hall(county):
    voice = lodged(county.villages[0])
    page = reverse("hall_matters", args=[county.villages[0].code])
    assert voice.display_number in text(as_(county, "director0").get(page))
    assert voice.display_number not in text(as_(county, "clerk0").get(page))
    accept_voice(voice.number, actor=county.actor("director0"))
    release_summary(voice.number, actor=county.actor("director0"), summary="反映没有人值守")
    shown = text(as_(county, "clerk0").get(page))
    assert asked_as(voice) in shown
    assert voice.display_number not in shown


def test_receipt_board_and_progress_lead_to_the_form(county):
    case = county.filed(county.matter())
    paper = as_(county, "clerk0").get(reverse("receipt_print", args=[case.number]))
    assert "扫码咨询、投诉" in text(paper)
    board = Client().get(reverse("hall_board", args=[county.villages[0].code]))
    assert "扫码咨询、投诉" in text(board)


@pytest.mark.parametrize(("page", "tab"), [("voice_list", "all"), ("voice_list", "mine")])
def test_a_list_costs_the_same_for_one_row_and_for_twelve(county, django_assert_max_num_queries, page, tab):
    def count():
        client = as_(county, "director0")
        client.get(reverse(page), {"tab": tab})
        with django_assert_max_num_queries(40) as counted:
            client.get(reverse(page), {"tab": tab})
        return len(counted)

    lodged(county.villages[0])
    few = count()
    for _ in range(11):
        lodged(county.villages[0])
    assert count() == few


# --- the API --------------------------------------------------------------------------------------------------------


def api(county, name, **query):
    token = Token.objects.get_or_create(user=county.people[name])[0].key
    return Client(headers={"Authorization": f"Token {token}"}).get(reverse("api_voices"), query)


def test_the_api_gives_the_rows_of_a_figure_in_scope_without_a_word_of_anybody(county):
    lodged(county.villages[0])
    at("2026-03-06 10:00")
    lodged(county.villages[0], Kind.INQUIRY)
    answer = api(county, "director0", figure="overdue")
    assert [(row["kind"], row["light"]) for row in answer.json()["results"]] == [("complaint", "red")]
    whole = api(county, "supervisor")
    assert len(whole.json()["results"]) == 2
    for secret in (NAME, NAME[0], PHONE, PHONE[:3] + "*", WORDS[:6]):
        assert secret not in whole.content.decode()
    assert api(county, "director1").json()["results"] == []
    assert [row["kind"] for row in api(county, "clerk0").json()["results"]] == ["inquiry"]
    assert api(county, "director0", figure="nothing").status_code in (400, 422)


def test_the_demonstration_has_voices_in_every_state_and_is_not_filled_twice(county):
    at("2026-03-02 10:00")
    county.accepted(county.matter())
    at("2026-03-27 15:00")
    call_command("make_demo_voices", verbosity=0)
    states = set(Voice.objects.values_list("kind", "state"))
    assert {state for _kind, state in states} >= {"lodged", "accepted", "answered", "closed", "refused"}
    assert {kind for kind, _state in states} == set(Kind)
    made = Voice.objects.count()
    call_command("make_demo_voices", verbosity=0)
    assert Voice.objects.count() == made
    at("2026-03-27 15:00")
    assert as_(county, "director0").get(reverse("voice_list")).context["rows"][0]["light"]["kind"] == "red"
