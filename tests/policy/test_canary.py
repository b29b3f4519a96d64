"""What must not leak: no answer to an outsider holds a name, a number or a paper of another village's applicant."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from applications.actions.attach import attach
from applications.actions.fill import fill_form
from applications.actions.submit import submit
from applications.models import Application
from supervision.actions._put_rating import Opinion
from supervision.actions.lodge_voice import Lodging, lodge_voice
from supervision.actions.rate import rate
from supervision.domain.voices import Kind
from tests.factories.cases import a_case, a_picture, an_id_number
from tests.factories.ratings import rating_token
from tests.policy.people import person
from tests.policy.routes import all_routes
from tests.policy.samples import address_words, body_of
from tests.policy.test_matrix import Visitor
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NAME, PHONE, FORM, FILE = "龘靐齉", "13987654321", "犇骉麤", "猋毳淼"
ID_NUMBER = an_id_number("19771107")
CANARIES = (*NAME, PHONE, ID_NUMBER, ID_NUMBER.lower(), ID_NUMBER[6:14], FORM, FILE)
FOREIGN = "500236272203"  # 尖山村
OUTSIDERS = (
    "anonymous", "village_clerk", "window_other", "examiner_other", "director_other", "station_clerk",
    "bureau_examiner", "catalogue_editor", "bureau_editor", "administrator",
)  # fmt: skip
# Lists and searches, with everything that could be asked of them.
QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    *(("api_cases", "GET", {name: value}) for name, value in [
        ("page_size", 100), ("status", "submitted"), ("status", "delivered"), ("light", "green"), ("matter", "NY-003"),
        ("hall", FOREIGN), ("hall", "500236"), *(("pile", pile) for pile in ("todo", "doing", "done", "drafts")),
    ]),
    ("api_case_search", "POST", {"id_number": ID_NUMBER}),
    ("api_case_search", "POST", {"id_number": ID_NUMBER.lower(), "page_size": 100}),
    *(("case_list", "GET", {"pile": pile}) for pile in ("todo", "doing", "done", "late", "correcting", "drafts")),
    ("case_list", "GET", {"hall": FOREIGN}),
    *(("case_search", "POST", {"q": words}) for words in (NAME, ID_NUMBER, PHONE, NAME[:1])),
    ("api_matters", "GET", {"q": NAME}),
    ("guide_list", "GET", {"q": NAME}),
    ("supervision_cases", "GET", {"figure": "open"}),
    ("supervision_cases", "GET", {"figure": "submitted"}),
    *((name, "GET", query | {"format": form}) for form in ("csv", "xlsx") for name, query in [
        ("supervision_cases", {"figure": "open"}), ("supervision_warnings", {}), ("supervision_cards_own", {}),
        ("orders", {"box": "all"}), *(("voice_list", {"tab": tab}) for tab in ("mine", "all", "asked")),
        ("ratings", {"tab": "all"}), ("callbacks", {}), ("defaults_accountability", {}), ("ledger", {}),
        *(("supervision_rows", {"figure": key}) for key in ("voices_open", "rated_month", "promised", "orders_open")),
    ]),
]  # fmt: skip


@pytest.fixture
def foreign(seeded: Seed) -> list[Application]:
    """Cases of another village, one in each of several states, with canaries wherever a person may write."""
    who = {"name": NAME, "id_number": ID_NUMBER, "phone": PHONE, "village": FOREIGN}
    draft = a_case("draft", **who)
    clerk = seeded.actor("neighbour_clerk")
    fill_form(draft.pk, {"说明": FORM}, actor=clerk)
    sent = a_case("draft", **who)
    fill_form(sent.pk, {"说明": FORM}, actor=clerk)
    attach(sent.pk, 1, data=a_picture(), name=f"{FILE}.png", actor=clerk)
    submit(sent.pk, actor=clerk)
    done = a_case("delivered", **who)
    rate(done.number or "", rating_token(done.number or ""), Opinion(1, "qr", ("115",), FORM), actor=None)
    said: dict[str, Any] = {"words": f"{FORM}，上午窗口三次没有人", "name": NAME, "phone": PHONE, "evidence": FILE}
    lodge_voice(Lodging(kind=Kind.COMPLAINT, hall=FOREIGN, **said), key=uuid4(), client="203.0.113.7")
    return [draft, sent, done]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_answer_to_an_outsider_holds_a_canary(role, seeded, foreign):
    a_case("received")  # lists are not empty only because there is nothing
    visitor = Visitor(role, seeded)
    for text, told in _answers(visitor, foreign):
        found = [canary for canary in CANARIES if canary in text]
        # What somebody typed into a search box stands in that box again; that is no leak.
        assert not [canary for canary in found if canary not in told], (role, found)


def _answers(visitor: Visitor, foreign: list[Application]) -> Any:
    for route in all_routes():
        if route.method != "GET" or route.name in ("api_schema", "progress_by_token", "progress_limits", "rate"):
            continue
        cases = [case for case in foreign if _has(route.name, case)] if "<" in route.address else [None]
        for case in cases:
            address = reverse(route.name, kwargs=address_words(route.name, case))
            yield visitor.read(route.name, "GET", address, {}), ""
    for name, method, query in QUESTIONS:
        yield visitor.read(name, method, reverse(name), query), "".join(map(str, query.values()))


def _has(route: str, case: Application) -> bool:
    """Whether this case has what the route shows."""
    if case.number is None and (route == "api_case_clock" or not route.startswith(("api_case", "intake_"))):
        return False
    if route in ("api_file", "material_file", "material_thumb"):
        return case.materials.filter(files__isnull=False).exists()
    return route != "case_signature" or case.status == "delivered"


def test_the_own_people_do_see_it(seeded, foreign):
    """The test has teeth: what outsiders never get is there for those whose work it is."""
    found = set()
    for role in ("village_clerk_other", "window"):
        assert person(role, seeded) is not None
        for text, _told in _answers(Visitor(role, seeded), foreign):
            found |= {canary for canary in CANARIES if canary in text}
    assert found >= {NAME[0], FORM, FILE}


def test_a_wrong_body_does_not_come_back(seeded, foreign):
    visitor = Visitor("village_clerk", seeded)
    body = body_of("api_cases", "POST", None)
    body["applicant"] |= {"name": NAME, "id_number": ID_NUMBER[:17] + "A", "phone": PHONE + "0"}
    text = visitor.read("api_cases", "POST", reverse("api_cases"), body)
    assert not [canary for canary in CANARIES if canary in text]
