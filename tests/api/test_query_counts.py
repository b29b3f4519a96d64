"""How many statements each answer costs, whatever the number of rows: pinned, and printed with -s.

Counted are statements of the answer itself; `who` is what recognising the caller costs (token, posts, grants,
delegations), the same for every address.
"""

import sys
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.cases import a_case, code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
WHO = 4
_FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def _statements(call):
    call()  # what a process reads once (calendar, county, card rules) is read
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code < 300, answer.content.decode()
    return [query["sql"] for query in captured if not query["sql"].startswith(_FRAME)]


def _count(name, call, who=WHO):
    found = _statements(call)
    sys.stdout.write(f"{name}: {len(found) - who} + {who} statements\n")
    return len(found) - who


def test_lists_do_not_grow_with_their_rows(caller):
    window = caller("township_window")
    a_case("received")
    few = _count("list of 1", lambda: window.get("applications/"))
    for _ in range(11):
        a_case("received")
    many = _count("list of 12", lambda: window.get("applications/"))
    assert few == many == 2
    assert _count("list, a pile", lambda: window.get("applications/", pile="todo")) == 2
    assert _count("list, a light and a hall", lambda: window.get("applications/", light="green", hall="500236272")) == 2
    assert _count("search", lambda: window.post("applications/search/", {"id_number": "99"})) == 2
    supervisor = caller("supervisor")
    assert _count("lights", lambda: supervisor.get("lights/")) == 3


def test_one_case(caller):
    window, case = caller("township_window"), a_case("at_decision")
    at = f"applications/{case.number}/"
    assert _count("detail", lambda: window.get(at)) == 4
    # the case, the moment; clocks and facts, steps, events
    assert _count("clocks", lambda: window.get(f"{at}clocks/")) == 5
    assert _count("events", lambda: window.get(f"{at}events/")) == 3
    assert _count("materials", lambda: window.get(f"{at}materials/")) == 3


def test_filing_and_verbs(caller, filing):
    clerk, window = caller("village_clerk"), caller("township_window")
    made = []

    def file():
        made.append(clerk.post("applications/", filing(), Idempotency_Key=str(uuid.uuid4())))
        return made[-1]

    create = _count("create", file)
    receive = _count("receive", lambda: window.verb(made.pop().json(), "receive"))
    assert create <= 34
    assert receive <= 16


def test_the_public(anybody):
    case = a_case()
    right = {"number": case.number, "code": code_of(case)}
    assert _count("progress", lambda: anybody.post("public/progress/", right), who=0) == 2
    with CaptureQueriesContext(connection) as captured:
        anybody.post("public/progress/", right | {"code": "AAAAAAAA"})
    assert len([query for query in captured if "DELETE" not in query["sql"]]) == 1
    assert _count("halls", lambda: anybody.get("halls/"), who=0) == 1
    assert _count("hall", lambda: anybody.get("halls/500236272/"), who=0) == 3
    assert _count("matters", lambda: anybody.get("matters/"), who=0) == 1
    assert _count("guide", lambda: anybody.get("matters/NY-003/"), who=0) == 4
