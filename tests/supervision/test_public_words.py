"""Words that leave the house: no name and no number in them, however they were typed."""

import pytest
from django.urls import reverse

from halls.domain.errors import Invalid
from supervision.actions._voice import asked_as
from supervision.actions.answer_voice import answer_voice
from supervision.actions.extend_voice import extend_voice
from supervision.actions.publish_answer import publish_answer
from supervision.actions.release_summary import release_summary
from supervision.domain.public_words import is_copied, masked
from supervision.domain.voices import Kind, VoiceVerb
from supervision.forms.voice_verbs import VERB_FORMS
from supervision.models import Voice
from tests.supervision.county import at
from tests.supervision.test_voice_pages import as_, text
from tests.supervision.voices import accepted, lodged

SAID = "大厅三号窗口的人把我的材料扔了出来，说了三次都不给办，旁边的人都看见了。"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("打一三八〇〇一三八〇〇〇", "打（号码已隐去）"),
        ("打幺三八零零一三八零零零", "打（号码已隐去）"),
        ("打１３８００１３８０００", "打（号码已隐去）"),
        ("打 138　0013　8000", "打 （号码已隐去）"),
        ("打138.0013.8000", "打（号码已隐去）"),
        ("打一三八00一三八(000)", "打（号码已隐去）)"),
        ("2026-03-02 10:00 来的", "2026-03-02 10:00 来的"),
        ("打1380-01-38000", "打（号码已隐去）"),
        ("三月二日来了三次，收了三百元", "三月二日来了三次，收了三百元"),
        ("赵 大·山来过", "赵**来过"),
        ("大山是高桥村三组的", "**是高桥村三组的"),
    ],
)
def test_a_number_is_a_number_and_a_name_a_name_however_it_is_written(written, kept):
    assert masked(written, ["赵大山"]) == kept


@pytest.mark.parametrize(
    ("summary", "copied"),
    [
        (SAID, True),
        (SAID.rstrip("。"), True),
        (SAID.replace("，", " "), True),
        (f"反映：{SAID[4:]}", True),
        (f"反映{SAID[:20]}，请说明当天情况。", True),
        ("反映窗口工作人员态度不好、推诿，请说明当日值班情况。", False),
        ("反映办事时无人值守", False),
    ],
)
def test_a_summary_in_the_words_of_the_complaint_is_no_summary(summary, copied):
    assert is_copied(summary, SAID) is copied


@pytest.mark.django_db
@pytest.mark.parametrize(
    "summary",
    [
        "请说明赵大 山的事",
        "大山是高桥村三组的，请说明他说的情况",
        "请回电一三八〇〇一三八〇〇〇说明情况",
        SAID.rstrip("。"),
    ],
)
def test_no_summary_tells_the_accused_hall_who_complained(county, summary):
    voice = accepted(county, county.villages[0], words=SAID, name="赵大山")
    with pytest.raises(Invalid) as fault:
        release_summary(voice.number, actor=county.actor("director0"), summary=summary)
    assert fault.value.field == "summary"
    assert not Voice.objects.get().is_released


@pytest.mark.django_db
def test_the_accused_hall_reads_the_day_of_the_limit_and_neither_the_reason_nor_the_minute(county):
    at("2026-03-02 10:37")
    voice = accepted(county, county.villages[0], words=SAID, name="赵大山")
    at("2026-03-02 15:20")
    director = county.actor("director0")
    release_summary(voice.number, actor=director, summary="反映窗口推诿，请说明当日值班情况。")
    extend_voice(voice.number, actor=director, days=5, reason="投诉人赵大山在外打工，要等回来核实")
    clerk = as_(county, "clerk0")
    for page in (reverse("voice", args=[asked_as(voice)]), f"{reverse('voice_list')}?tab=asked"):
        shown = text(clerk.get(page))
        assert "大山" not in shown
        assert "在外打工" not in shown
        assert "10:37" not in shown
    assert "3月12日" in text(clerk.get(reverse("voice", args=[asked_as(voice)])))
    whole = text(as_(county, "director0").get(reverse("voice", args=[voice.number])))
    assert "在外打工" in whole  # the test has teeth


@pytest.mark.django_db
def test_an_answer_is_not_made_public_with_the_number_or_name_of_who_asked_nor_offered_in_their_words(county):
    asked = "我叫孙六六，老人办高龄补贴要带什么材料？"
    voice = lodged(county.villages[0], Kind.INQUIRY, matter=county.matter().code, words=asked, name="孙六六")
    clerk = county.actor("clerk0")
    answer_voice(voice.number, actor=clerk, words="带户口簿")
    voice.refresh_from_db()
    form = VERB_FORMS[VoiceVerb.PUBLISH](voice=voice, acts=list(voice.acts.all()))
    assert form.fields["question"].initial is None
    for question in (
        "孙 六六（电话一三八〇〇一三八〇〇〇）要带什么？",
        "孙 六六要带什么？",
        "请回电一三八〇〇一三八〇〇〇",
    ):
        with pytest.raises(Invalid) as fault:
            publish_answer(voice.number, actor=clerk, question=question, answer="带户口簿")
        assert fault.value.field == "question"
    publish_answer(voice.number, actor=clerk, question="办高龄补贴要带什么材料？", answer="带户口簿")
