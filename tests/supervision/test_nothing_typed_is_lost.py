"""What an act refuses comes back as it was typed, with the reason and the cure; so it does from a look on the way."""

import pytest
from django.urls import reverse

from tests.supervision.cards import late_card, staffed
from tests.supervision.ordering import TEXTS, issue, reply
from tests.supervision.rating import bad, called, text_of, verified, visitor

pytestmark = pytest.mark.django_db


def test_a_call_without_a_look_at_the_number_keeps_the_note(county):
    rating = bad(county)
    director = visitor(county.people["director0"])
    answer = director.post(reverse("rating", args=[rating.pk]), {"act": "contact", "contact-note": "本人接听，很生气"})
    assert answer.status_code == 409
    assert answer.context["form"]["note"].value() == "本人接听，很生气"
    assert "请先按「查看评价人电话」" in text_of(answer)
    # The button that shows the number sends the note along, so that looking does not lose it either.
    looked = director.post(reverse("rating_phone", args=[rating.pk]), {"contact-note": "本人接听，很生气"})
    assert "本人接听，很生气" in looked.content.decode()
    assert (
        director.post(reverse("rating", args=[rating.pk]), {"act": "contact", "contact-note": "本人接听"}).status_code
        == 302
    )


def test_what_somebody_else_did_meanwhile_keeps_the_note_of_a_form_that_is_offered_no_more(county):
    rating = bad(county)
    called(rating.pk, county.actor("director0"))
    answer = visitor(county.people["director0"]).post(
        reverse("rating", args=[rating.pk]), {"act": "contact", "contact-note": "我也打通了"}
    )
    assert answer.status_code == 409
    assert "我也打通了" in answer.content.decode()


def test_an_order_that_was_issued_already_keeps_its_words(county):
    issue(county)
    body = TEXTS | {"organ": county.townships[0].code, "title": "窗口无人值守"}
    answer = visitor(county.people["supervisor"]).post(reverse("order_new"), body)
    assert answer.status_code == 409
    assert {name: answer.context["form"][name].value() for name in TEXTS} == TEXTS
    assert "已经向" in text_of(answer)


def test_a_reply_that_came_second_keeps_its_words(county):
    order = issue(county)
    reply(county, order)
    page = reverse("order_reply", args=[order.pk])
    answer = visitor(county.people["director0"]).post(page, {"words": "另一份回复：已换班"})
    assert answer.status_code == 409
    assert "另一份回复：已换班" in answer.content.decode()
    assert visitor(county.people["director0"]).get(page).status_code == 409


def test_an_urge_too_many_keeps_its_reason(county):
    case = county.accepted(county.matter())
    client, page = visitor(county.people["supervisor"]), reverse("case_urge", args=[case.number])
    assert client.post(page, {"reason": "请抓紧"}).status_code == 302
    answer = client.post(page, {"reason": "请再抓紧"})
    assert answer.status_code == 409
    assert "请再抓紧" in answer.content.decode()


def test_a_verb_whose_page_is_stale_keeps_the_reason(county):
    case = county.accepted(county.matter())
    page = reverse("case_verb", args=[case.number, "withdraw"])
    window = visitor(county.people["window0"])
    answer = window.post(page, {"version": 0, "reason": "申请人来电要求撤回"})
    assert answer.status_code == 409
    assert "申请人来电要求撤回" in answer.content.decode()
    assert "页面已经过时" in text_of(answer)
    again = answer.context["form"]  # whoever has read that presses once more
    typed = {name: again[name].value() or "" for name in again.fields}
    assert window.post(page, typed).status_code == 302
    case.refresh_from_db()
    assert case.status == "withdrawn"


def test_a_second_appeal_is_refused_with_what_they_wrote(county):
    rating = verified(county, bad(county))
    clerk, page = visitor(county.people["clerk0"]), reverse("rating", args=[rating.pk])
    assert clerk.post(page, {"act": "appeal", "appeal-note": "当天没有这件"}).status_code == 302
    answer = clerk.post(page, {"act": "appeal", "appeal-note": "再说一遍，当天没有这件"})
    assert answer.status_code == 409
    assert "再说一遍，当天没有这件" in answer.content.decode()


def test_what_was_written_about_a_card_that_somebody_else_decided_is_still_there(county):
    people = staffed(county)
    card = late_card(people)
    page = reverse("supervision_card", args=[card.pk])
    body = {"act": "propose", "reason": "时限算错，应扣除节假日"}
    assert visitor(people.people["supervisor"]).post(page, body).status_code == 302
    answer = visitor(people.people["second"]).post(page, body | {"reason": "我也认为算错了"})
    assert answer.status_code == 409
    assert "已经有人建议撤销这张牌" in text_of(answer)
    assert "我也认为算错了" in answer.content.decode()
