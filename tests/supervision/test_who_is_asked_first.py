"""Who may not act is told so before a form is made, however little they send: its choices tell what others know."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.forms.verbs import FORMS
from halls.models import User
from supervision.actions.accept_voice import accept_voice
from supervision.actions.release_summary import release_summary
from supervision.forms.voice_verbs import VERB_FORMS
from supervision.selectors.voices import known_as, released_voices
from tests.supervision.voices import lodged

pytestmark = pytest.mark.django_db


def visitor(county, who):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[who].pk))
    return client


@pytest.mark.parametrize("more", [{}, {"phone": "", "name": ""}])
def test_an_accused_hall_gets_no_form_but_the_one_to_explain(county, more):
    voice = lodged(county.townships[0], **more)
    accept_voice(voice.number, actor=county.actor("supervisor"))
    release_summary(voice.number, actor=county.actor("supervisor"), summary="反映窗口上午没有人，请说明。")
    [asked] = released_voices(county.actor("window0"))
    client = visitor(county, "director0")
    for verb in VERB_FORMS:
        url = reverse("voice_verb", args=[known_as(asked), verb])
        answers = {client.get(url).status_code, client.post(url, {}).status_code}
        assert answers <= ({200, 422} if verb == "explain" else {403, 404}), (verb, answers)


def test_whoever_only_sees_a_case_gets_no_form_of_it(county):
    case = county.accepted(county.matter())
    client = visitor(county, "supervisor")
    for verb in FORMS:
        url = reverse("case_verb", args=[case.number, verb.value])
        assert {client.get(url).status_code, client.post(url, {}).status_code} <= {403, 409}, verb
