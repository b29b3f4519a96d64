"""Ratings that nobody gets rid of alone, nor gives for somebody else: two persons, the paper, shares that are true."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from PIL import Image

from halls.domain.errors import NotPermitted, Refused
from halls.models import Hall
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rectify import rectify
from supervision.figures_ratings import RATES
from supervision.models import Message, Rating, RatingScan
from supervision.selectors.ratings import acted_on_by, visible_ratings
from supervision.views.rating_public import _counts
from tests.supervision.rating import bad, called, called_again, ended, text_of, verified, visitor

pytestmark = pytest.mark.django_db


def test_no_ground_is_written_by_one_and_confirmed_by_another_on_their_pages(county):
    rating = bad(county)
    page, hall = reverse("rating", args=[rating.pk]), reverse("ratings_hall", args=[county.townships[0].code])
    director, above = visitor(county.people["director0"]), visitor(county.people["supervisor"])
    assert director.post(page, {"act": "contact", "contact-note": "本人接听"}).status_code == 409
    director.post(reverse("rating_phone", args=[rating.pk]))
    assert director.post(page, {"act": "contact", "contact-note": "本人接听"}).status_code == 302
    answer = director.post(page, {"act": "invalid", "verify-note": "按指南办理"})
    assert answer.status_code == 422
    assert "公开的理由" in text_of(answer)
    said = {"act": "invalid", "verify-note": "按指南办理", "verify-public": "调看录像，窗口态度正常"}
    assert director.post(page, said).status_code == 302
    assert "确认没有依据，向评价人解释" not in text_of(director.get(page))
    assert director.post(page, {"act": "explain", "explain-note": "已说明"}).status_code == 409
    assert "窗口态度正常" not in text_of(Client().get(hall))
    shown = text_of(above.get(page))
    assert "公开的理由：调看录像，窗口态度正常" in shown
    assert "不同意没有依据" in shown
    assert "没有依据的理由（公开）" not in shown
    assert above.post(page, {"act": "overrule", "overrule-note": ""}).status_code == 422
    assert above.post(page, {"act": "explain", "explain-note": "已说明"}).status_code == 302
    shown = text_of(Client().get(hall))
    assert "核实没有依据，不计入" in shown
    assert "调看录像，窗口态度正常" in shown
    assert "另有 1 条经两人核实、确认没有依据" in shown


def test_a_revisit_waits_for_whoever_did_not_call_and_they_are_told(county):
    rating, director, above = verified(county, bad(county)), county.actor("director0"), county.actor("supervisor")
    rectify(rating.pk, actor=county.actor("clerk0"), note="重新培训")
    answer_rater(rating.pk, actor=director, is_explained=False, note="已电话告知整改情况")
    assert not visible_ratings(director).filter(acted_on_by(director)).exists()
    assert visible_ratings(above).filter(acted_on_by(above)).get() == rating
    assert Message.objects.filter(key=f"rating:{rating.pk}:revisit", user=county.people["supervisor"]).exists()
    page = reverse("rating", args=[rating.pk])
    next_person = "您联系过评价人，由本级另一位或上一级的监察员回访"
    assert next_person in text_of(visitor(county.people["director0"]).get(page))
    assert next_person not in text_of(visitor(county.people["supervisor"]).get(page))
    called_again(rating.pk, above, is_content=True)
    assert visible_ratings(director).filter(acted_on_by(director)).get() == rating  # to be published


def test_an_appeal_is_offered_to_the_body_while_it_is_handled_and_not_to_whoever_judges(county):
    rating = verified(county, bad(county))
    page = reverse("rating", args=[rating.pk])

    def forms_of(who):
        return {offer["key"] for offer in visitor(county.people[who]).get(page).context["offers"]}

    assert "appeal" in forms_of("clerk0")
    assert "appeal" not in forms_of("director0") | forms_of("supervisor")
    for who in ("director0", "supervisor"):
        with pytest.raises(NotPermitted, match="被评价的大厅或责任单位"):
            appeal_rating(rating.pk, actor=county.actor(who), reason="判错了")
    rectify(rating.pk, actor=county.actor("clerk0"), note="重新培训")
    answer_rater(rating.pk, actor=county.actor("director0"), is_explained=False, note="已电话告知整改情况")
    called_again(rating.pk, county.actor("supervisor"), is_content=True)
    publish_rating(rating.pk, actor=county.actor("director0"), account="已经重新培训")
    assert "appeal" not in forms_of("clerk0")
    with pytest.raises(Refused, match="not_possible_now"):
        appeal_rating(rating.pk, actor=county.actor("clerk0"), reason="后来才想起来")


def test_the_responsible_body_is_marked_as_needed_where_there_is_a_ground(county):
    rating = bad(county)
    called(rating.pk, county.actor("director0"))
    page = visitor(county.people["director0"]).get(reverse("rating", args=[rating.pk])).content.decode()
    assert '责任单位<span class="optional">属实时必选</span>' in page


def test_a_rating_on_paper_is_entered_with_the_paper(county):
    case, director = ended(county), visitor(county.people["director0"])
    said = {"number": case.number, "channel": "post", "level": "5", "text": ""}
    page = reverse("rating_enter")
    bare = director.post(page, said)
    assert bare.status_code == 422
    assert "原件的照片或扫描件" in text_of(bare)
    assert case.number in bare.content.decode()
    words = SimpleUploadedFile("信.txt", "王小示说很好".encode(), "text/plain")
    assert director.post(page, {**said, "scan": words}).status_code == 422
    assert not Rating.objects.exists()
    assert director.post(page, {**said, "scan": SimpleUploadedFile("信.png", png(), "image/png")}).status_code == 302
    rating = Rating.objects.get()
    scan = reverse("rating_scan", args=[rating.pk])
    assert director.get(scan)["Content-Type"] == "image/png"
    assert scan in director.get(reverse("rating", args=[rating.pk])).content.decode()
    for who in ("clerk0", "director1"):
        assert visitor(county.people[who]).get(scan).status_code == 404
    assert scan not in visitor(county.people["clerk0"]).get(reverse("rating", args=[rating.pk])).content.decode()
    with pytest.raises(DatabaseError, match="with a rating on paper"), transaction.atomic():
        RatingScan.objects.create(rating=bad(county), name="x", media_type="image/png", size=1, sha256="0" * 64)


def png():
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(drawn, "PNG")
    return drawn.getvalue()


def test_what_is_not_all_is_not_shown_as_all():
    shown = _counts(Hall(short_name="东乡"), {5: 2499, 1: 1})
    assert shown["share"] == "99.9%"
    assert "三次没有接通" in str(RATES["contacted_in_time"].definition)
