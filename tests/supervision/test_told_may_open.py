"""Whoever is told can open what they are told of: every kind of message, at every desk, whoever is away."""

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.models import Post
from supervision.actions.accept_voice import accept_voice
from supervision.actions.explain_voice import explain_voice
from supervision.actions.release_summary import release_summary
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.actions.urge import urge
from supervision.domain.voices import Kind
from supervision.models import Message
from tests.factories.halls import DepartmentFactory, person_in_post
from tests.supervision.county import at
from tests.supervision.ordering import extend, issue, reply, send_back
from tests.supervision.rating import bad, verified
from tests.supervision.voices import lodged

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLACES = ("village", "township", "office", "bureau", "station", "county")
ANSWERING = {"village": "head", "township": "director0", "office": "approver0", "bureau": "bureau_approver",
             "station": "bureau_approver", "county": "county_approver"}  # fmt: skip


@pytest.fixture
def staffed(county):
    """Every post that a message may reach."""
    county.office = DepartmentFactory(kind="office", hall=county.townships[0], name="东乡民政办")
    for name, kind, node in (
        ("head", PostKind.VILLAGE_HEAD, county.villages[0]),
        ("office_examiner", PostKind.EXAMINER, county.office),
        ("station_examiner", PostKind.EXAMINER, county.station),
        ("county_approver", PostKind.APPROVER, county.hall),
        ("county_examiner", PostKind.EXAMINER, county.hall),
        ("second", PostKind.SUPERVISOR, county.hall),
        ("administrator", PostKind.ADMINISTRATOR, county.hall),
    ):
        county.people[name] = person_in_post(kind, node)
    return county


def node(county, place):
    return {
        "village": county.villages[0], "township": county.townships[0], "office": county.office,
        "bureau": county.bureau, "station": county.station, "county": county.hall,
    }[place]  # fmt: skip


def away(county, *names):
    """These people hold no post any more."""
    for name in names:
        Post.objects.filter(user=county.people[name]).delete()


class Readers:
    """Everybody with a page of their own; an address that a person opened already is not asked again."""

    def __init__(self):
        self._pages, self._answers = {}, {}

    def reached(self, message):
        """What the message leads its reader to, and how each page answers."""
        if message.user_id not in self._pages:
            self._pages[message.user_id] = Client()
            self._pages[message.user_id].force_login(message.user)
        links = self._open(message, reverse("message", args=[message.pk])).context["links"]
        return [(link["url"], self._status(message, link["url"])) for link in links]

    def _status(self, message, url):
        key = message.user_id, url
        if key not in self._answers:
            self._answers[key] = self._open(message, url).status_code
        return self._answers[key]

    def _open(self, message, url):
        return self._pages[message.user_id].get(url)


def shut_out(county, **only):
    """The messages that lead their reader nowhere, or to a page that is not theirs; who left since reads none."""
    names = {user.pk: name for name, user in county.people.items()}
    found, readers = [], Readers()
    at_work = set(Post.objects.values_list("user", flat=True))
    for message in Message.objects.filter(**only).exclude(key__startswith="signature:").select_related("user"):
        if message.user_id not in at_work or not (message.detail.get("page") or message.application_id):
            continue
        links = readers.reached(message)
        if not links or any(status != 200 for _url, status in links):
            found.append((names.get(message.user_id, message.user_id), message.words, links))
    assert Message.objects.filter(**only).exists()
    return found


def swept(moment):
    at(moment)
    sweep()
    tell()


@pytest.mark.parametrize("absent", [(), ("director0", "bureau_director"), ("approver0", "bureau_approver", "head")])
@pytest.mark.parametrize("place", PLACES)
def test_of_orders(staffed, place, absent):
    order = issue(staffed, node(staffed, place), title=f"{place}的窗口无人值守")
    away(staffed, *absent)
    extend(staffed, order)
    if ANSWERING[place] not in absent:
        reply(staffed, order, by=ANSWERING[place])
        send_back(staffed, order)
    issue(staffed, node(staffed, place), title="又一件")
    swept("2026-03-20 10:00")
    assert shut_out(staffed) == []


def test_an_order_to_a_township_is_no_business_of_its_chief_representative(staffed):
    issue(staffed)
    swept("2026-03-20 10:00")
    told = set(Message.objects.filter(kind="limit").values_list("user", flat=True))
    assert staffed.people["approver0"].pk not in told
    assert {staffed.people["director0"].pk, staffed.people["supervisor"].pk} <= told
    assert not Message.objects.filter(words__contains="首席代表").exists()


@pytest.mark.parametrize("absent", [(), ("clerk0", "head"), ("director0",), ("clerk0", "head", "director0")])
def test_of_ratings(staffed, absent):
    first, second = bad(staffed), bad(staffed)
    verified(staffed, second, who="supervisor")
    away(staffed, *absent)
    verified(staffed, first, who="supervisor")
    bad(staffed, 1)
    swept("2026-03-20 10:00")
    assert shut_out(staffed) == []


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.INQUIRY])
@pytest.mark.parametrize("absent", [(), ("clerk0", "window0", "office_examiner", "bureau_examiner", "county_window")])
@pytest.mark.parametrize("place", PLACES)
def test_of_complaints_and_inquiries(staffed, place, absent, kind):
    away(staffed, *absent)
    voice = lodged(node(staffed, place), kind)
    if kind is Kind.COMPLAINT:
        accept_voice(voice.number, actor=staffed.actor("supervisor"))
        release_summary(voice.number, actor=staffed.actor("supervisor"), summary="反映办事时无人值守")
        explaining = {"village": "head", "township": "examiner0", "bureau": "bureau_approver"}.get(place)
        if explaining:
            explain_voice(voice.number, actor=staffed.actor(explaining), words="当天有人值守，登记在册。")
    swept("2026-03-20 10:00")
    assert shut_out(staffed) == []


@pytest.mark.parametrize("absent", [(), ("director0", "bureau_director"), ("approver0", "bureau_approver")])
def test_of_cards_and_urges(staffed, absent):
    cases = [staffed.accepted(staffed.matter(promised=2)), staffed.accepted(staffed.bureau_matter(promised=3))]
    staffed.filed(staffed.matter())
    staffed.passed_on(cases[1], "window0") if cases[1].step_kind == "accept" else None
    away(staffed, *absent)
    swept("2026-03-20 10:00")
    for case in cases:
        urge(case.number, actor=staffed.actor("supervisor"), reason="请抓紧办理。")
    assert Message.objects.filter(level="red").exists()
    assert shut_out(staffed) == []


def test_whoever_left_is_shown_no_link_and_told_why(staffed):
    order = issue(staffed)
    message = Message.objects.get(key=f"order:{order.pk}:1")
    away(staffed, "director0")
    client = Client()
    client.force_login(message.user)
    page = client.get(reverse("message", args=[message.pk]))
    assert page.context["links"] == []
    assert "不在您的岗位能看的范围内" in page.content.decode()
