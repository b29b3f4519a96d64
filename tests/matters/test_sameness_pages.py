"""八统一核对: compared every night, kept for good, read by editors and supervisors, missed when it stops."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from halls.domain.duties import PostKind
from halls.models import Department, Hall
from matters.actions.compare_guides import compare_guides
from matters.actions.import_matters import import_matters
from matters.models import HallMatter, Matter, MatterVersion, SamenessReport
from matters.tasks import check_sameness
from supervision.actions.catch_up import catch_up
from supervision.banners import banners_for
from supervision.selectors import read_watch
from tests.factories.halls import FENGJIE, GAOQIAO, person_in_post
from tests.factories.matters import RECORDS, as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
TWIN = "MZ-901"


def visitor(kind: str, node: Any = None) -> Client:
    client = Client()
    user = person_in_post(PostKind(kind), node or Hall.objects.get(code=FENGJIE))
    client.force_login(user, backend=BACKEND)
    return client


def a_twin() -> None:
    """Publish a second guide of the same name with another condition and one material less."""
    twin = record("MZ-004", id=TWIN, conditions=["本县户籍", "另有要求"])
    twin["materials"] = twin["materials"][1:]
    import_matters(as_file(twin))


def page(client: Client, **query: Any) -> str:
    response = client.get(reverse("matter_sameness"), query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_catalogue_that_ships_says_the_same_everywhere() -> None:
    check_sameness()
    report = SamenessReport.objects.get()
    assert report.differences == 0
    assert report.matters == Matter.objects.filter(abolished_on__isnull=True).count()
    assert report.halls == Hall.objects.count()
    names = [one["name"] for one in RECORDS]
    codes = [one.get("basic_code") for one in RECORDS]
    twins = [
        one
        for one in RECORDS
        if names.count(one["name"]) > 1 or (one.get("basic_code") and codes.count(one["basic_code"]) > 1)
    ]
    assert report.compared == len(twins), "what has nothing to be held against was not compared"
    assert report.uncoded == sum(not code for code in codes) > 0
    html = page(visitor("catalogue_editor"))
    assert f"{report.uncoded} 份指南不能按编码比" in html
    assert "没有发现不一致" in page(visitor("catalogue_editor"))


def test_a_twin_is_found_with_what_both_say_and_the_other_lines_are_marked() -> None:
    a_twin()
    report = compare_guides()
    assert {one["element"] for one in report.found} == {"conditions", "materials"}
    assert report.compared == 2, "the two of one name"
    html = page(visitor("catalogue_editor"))
    assert "受理条件不一致" in html
    assert "<mark>另有要求</mark>" in html
    dropped = record("MZ-004")["materials"][0]["name"]
    kept = record("MZ-004")["materials"][1]["name"]
    assert f"<mark>{dropped}、" in html
    assert f"<mark>{kept}、" not in html
    assert f'href="/matters/{TWIN}/"' in html
    for_supervisors = page(visitor("supervisor"))
    assert f'href="/guides/{TWIN}/"' in for_supervisors
    assert f'href="/matters/{TWIN}/"' not in for_supervisors


def test_a_hall_that_writes_about_what_it_does_not_take_in_is_found() -> None:
    not_here = Matter.objects.exclude(current__accept_levels__contains=["village"])[0]
    HallMatter.objects.create(hall=Hall.objects.get(code=GAOQIAO), matter=not_here, window="3 号窗口")
    report = compare_guides()
    (one,) = report.found
    assert report.compared == 1, "what the hall wrote"
    assert one["codes"] == [not_here.code, GAOQIAO]
    html = page(visitor("catalogue_editor"))
    assert "本厅信息：3 号窗口" in html
    assert reverse("hall_matters", args=[GAOQIAO]) in html


def test_earlier_reports_stay_and_can_be_opened() -> None:
    a_twin()
    first = compare_guides()
    Matter.objects.get(code=TWIN)
    Matter.objects.filter(code=TWIN).update(abolished_on=timezone.localdate(), closing_reason="重复")
    compare_guides()
    client = visitor("catalogue_editor")
    assert "没有发现不一致" in page(client)
    assert "受理条件不一致" in page(client, report=first.pk)
    assert client.get(reverse("matter_sameness"), {"report": "0"}).status_code == 404
    assert client.get(reverse("matter_sameness"), {"report": "x"}).status_code == 404


@pytest.mark.parametrize("sql", ["UPDATE {0} SET differences = 0", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_a_report_is_neither_changed_nor_removed(sql: str) -> None:
    compare_guides()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(SamenessReport._meta.db_table))


@pytest.mark.parametrize(("kind", "status"), [
    ("catalogue_editor", 200), ("supervisor", 200), ("window_clerk", 403), ("administrator", 403),
])  # fmt: skip
def test_editors_and_supervisors_read_it(kind: str, status: int) -> None:
    compare_guides()
    client = visitor(kind)
    assert client.get(reverse("matter_sameness")).status_code == status
    assert client.get(reverse("api_sameness")).status_code == status


def test_the_api_tells_the_same(settings: Any) -> None:
    a_twin()
    compare_guides()
    told = visitor("catalogue_editor").get(reverse("api_sameness")).json()
    assert told["differences"] == 2
    assert told["is_silent"] is False
    sides = {
        side["code"]: side["words"] for side in next(o for o in told["found"] if o["element"] == "conditions")["sides"]
    }
    assert sides[TWIN] == "本县户籍\n另有要求"
    assert Client().get(reverse("api_sameness")).status_code == 401


def _age(days: int) -> None:
    """Let everything have been so many days ago: a report cannot be moved, so there is none newer."""
    MatterVersion.objects.update(published_at=timezone.now() - timedelta(days=days))


def banners(kind: str, rf: Any) -> str:
    request = rf.get("/")
    request.user = person_in_post(PostKind(kind), Hall.objects.get(code=FENGJIE))
    return "".join(str(banner["text"]) for banner in banners_for(request))


@pytest.mark.parametrize(("kind", "is_told"), [
    ("catalogue_editor", True), ("supervisor", True), ("administrator", True), ("window_clerk", False),
])  # fmt: skip
def test_two_days_without_a_comparison_are_told_to_whom_it_concerns(rf: Any, kind: str, is_told: bool) -> None:
    assert "八统一核对" not in banners(kind, rf)
    _age(3)
    assert ("八统一核对已经两天没有运行" in banners(kind, rf)) is is_told
    compare_guides()
    assert "八统一核对" not in banners(kind, rf)


def test_a_night_that_was_missed_is_made_up_for() -> None:
    _age(2)
    assert not read_watch().is_compared_tonight
    catch_up()
    assert SamenessReport.objects.count() == 1
    catch_up()
    assert SamenessReport.objects.count() == 1


def test_it_is_found_from_the_page_of_the_linter() -> None:
    client = visitor("catalogue_editor", Department.objects.get(code=f"{FENGJIE}-MZ"))
    assert reverse("matter_sameness") in client.get(reverse("matter_lint")).content.decode()


def test_the_page_takes_two_queries_of_its_own() -> None:
    a_twin()
    compare_guides()
    client = visitor("catalogue_editor")
    page(client)
    with CaptureQueriesContext(connection) as queries:
        page(client)
    own = [one for one in queries if '"matters_samenessreport"' in one["sql"]]
    assert len(own) == 2
