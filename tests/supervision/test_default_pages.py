"""The pages of timeout defaults: who sees and signs what, bad input, scopes, queries."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.models import User
from matters.models import TimeoutPolicy
from supervision.actions.sweep import sweep
from supervision.models import Accountability, Brake
from tests.factories.halls import person_in_post
from tests.supervision.county import at, clock_of
from tests.supervision.test_defaults import BASIS, pass_the, publish, renewal_matter
from tests.supervision.test_defaults_renewal import pass_the_permit

pytestmark = pytest.mark.django_db
LISTS = ("defaults", "defaults_accountability", "defaults_releases", "defaults_brake")


def visitor(user):
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def administrator(county):
    return person_in_post(PostKind.ADMINISTRATOR, county.hall)


def form(**changes):
    said = {"limit": "2", "policy": "deemed_consent", "effective_on": "2026-03-02", "reason": "常务会议定", **BASIS}
    return said | changes


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", LISTS)
def test_without_a_login_one_is_asked_to_log_in(county, page):
    assert Client().get(reverse(page)).status_code == 302


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("supervisor", LISTS),
        ("director0", LISTS),
        ("approver0", ("defaults_releases",)),
        ("window0", ()),
        ("clerk0", ()),
        ("bureau_examiner", ()),
    ],
)
def test_who_sees_which_page(county, role, allowed):
    for page in LISTS:
        assert visitor(county.people[role]).get(reverse(page)).status_code == (200 if page in allowed else 403), page


def test_the_county_s_administrator_signs_but_does_not_look_into_cases(county, administrator):
    answers = {page: visitor(administrator).get(reverse(page)).status_code for page in LISTS}
    assert answers == {
        "defaults": 200,
        "defaults_accountability": 403,
        "defaults_releases": 200,
        "defaults_brake": 200,
    }


@pytest.mark.parametrize("role", ["director0", "approver0", "window0"])
def test_only_the_county_s_two_sign(county, role):
    matter = county.bureau_matter()
    client = visitor(county.people[role])
    address = f"{reverse('defaults_propose')}?matter={matter.code}"
    assert client.get(address).status_code == 403
    assert client.post(address, form()).status_code == 403
    assert not TimeoutPolicy.objects.exists()


# --- proposing and confirming ---------------------------------------------------------------------


def test_one_person_proposes_another_confirms_and_the_list_names_both(county, administrator):
    matter = county.bureau_matter()
    first, second = visitor(county.people["supervisor"]), visitor(administrator)
    done = first.post(f"{reverse('defaults_propose')}?matter={matter.code}", form(), follow=True)
    assert "要由另一位" in text_of(done)
    row = TimeoutPolicy.objects.get()
    own = first.post(reverse("defaults_confirm", args=[row.pk]))
    assert own.status_code == 409
    assert "确认公布这项超时默认？" in text_of(second.get(reverse("defaults_policy", args=[row.pk])))
    assert "施行中" in text_of(second.post(reverse("defaults_confirm", args=[row.pk]), follow=True))
    listed = text_of(first.get(reverse("defaults")))
    for words in (matter.name, "第 2 环节“环节2”", "示府发〔2026〕3号", administrator.full_name, "施行中"):
        assert words in listed
    assert second.post(reverse("defaults_drop", args=[row.pk])).status_code == 409


def test_a_proposal_can_be_dropped_and_stays_on_the_list(county, administrator):
    matter = county.bureau_matter()
    client = visitor(county.people["supervisor"])
    client.post(f"{reverse('defaults_propose')}?matter={matter.code}", form())
    row = TimeoutPolicy.objects.get()
    client.post(reverse("defaults_drop", args=[row.pk]))
    assert "已撤下" in text_of(client.get(reverse("defaults")))
    assert visitor(administrator).post(reverse("defaults_confirm", args=[row.pk])).status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"document_no": ""}, "没有写明本县公布这项默认的文件文号"),
        ({"law": ""}, "没有写明依据"),
        ({"effective_on": ""}, "请填写施行日期"),
        ({"effective_on": "2026-02-30"}, "请填写 2026-03-02 这样的日期"),
        ({"effective_on": "2026-03-01"}, "施行日期不能早于今天"),
        ({"ended_on": "2026-03-01"}, "截止日期早于施行日期"),
        ({"limit": "9"}, "9"),
        ({"limit": "²"}, "²"),
        ({"limit": "3"}, "不是内部审查环节"),
        ({"limit": "supplement"}, "这种后果不适用于这个时限"),
        ({"policy": "deemed_accept"}, "deemed_accept"),
        ({"reason": ""}, "请写明理由"),
        ({"reason": "长" * 501}, "500"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(county, changes, words):
    matter = county.bureau_matter()
    address = f"{reverse('defaults_propose')}?matter={matter.code}"
    answer = visitor(county.people["supervisor"]).post(address, form(**changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "error-summary" in answer.content.decode()
    assert not TimeoutPolicy.objects.exists()


def test_for_a_matter_that_must_stay_with_people_only_telling_a_superior_is_offered(county):
    matter = county.matter(kind="行政给付", steps=[{"kind": "accept"}, {"kind": "review"}, {"kind": "decide"}])
    page = visitor(county.people["supervisor"]).get(f"{reverse('defaults_propose')}?matter={matter.code}")
    assert "涉及资金给付" in text_of(page)
    offered = set(re.findall(r'name="policy" value="(\w+)"', page.content.decode()))
    assert offered == {"escalate", "none"}


@pytest.mark.parametrize("code", ["NO-1", "", "<b>", "%00"])
def test_an_unknown_matter_is_asked_for_again(county, code):
    answer = visitor(county.people["supervisor"]).get(f"{reverse('defaults_propose')}?matter={code}")
    assert answer.status_code in (200, 422)
    assert "事项编码" in text_of(answer)


@pytest.mark.parametrize("page", ["defaults_policy", "defaults_release"])
def test_what_does_not_exist_is_not_found(county, page):
    client = visitor(county.people["supervisor"])
    assert client.get(reverse(page, args=[10**20])).status_code == 404
    for act in ("defaults_confirm", "defaults_drop"):
        assert client.post(reverse(act, args=[10**20])).status_code == 404


# --- accountability, releases, brake --------------------------------------------------------------


def test_accountability_is_seen_by_whoever_supervises_the_case(county):
    here, there = county.received(county.matter()), county.received(county.matter(), 1)
    pass_the(clock_of(here, "acceptance"))
    sweep()
    page = reverse("defaults_accountability")
    whole = text_of(visitor(county.people["supervisor"]).get(page))
    for words in (here.display_number, there.display_number, "红牌", county.people["window0"].full_name, "第三十二条"):
        assert words in whole
    township = text_of(visitor(county.people["director0"]).get(page))
    assert here.display_number in township
    assert there.display_number not in township


def test_the_list_of_accountability_costs_the_same_for_one_and_for_ten(county):
    def queries():
        client = visitor(county.people["supervisor"])
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("defaults_accountability")).status_code == 200
        return len(found)

    county.received(county.matter())
    at("2026-03-10 00:01")
    sweep()
    queries()  # what the process keeps in memory
    one = queries()
    at("2026-03-10 10:00")
    for _ in range(9):
        county.received(county.matter())
    at("2026-03-17 23:59")
    sweep()
    at("2026-03-18 00:01")
    sweep()
    assert Accountability.objects.count() == 10
    assert queries() == one


def test_a_renewal_is_released_on_its_page_by_the_approver_alone(county):
    matter = renewal_matter(county)
    publish(county, matter, place="renewal", policy="deemed_renew")
    case = county.accepted(matter)
    pass_the_permit()
    sweep()
    account = Accountability.objects.get()
    page = reverse("defaults_release", args=[account.pk])
    assert "等审批人" in text_of(visitor(county.people["supervisor"]).get(reverse("defaults_releases")))
    for role, code in (("supervisor", 403), ("director0", 403), ("window0", 403), ("approver1", 404)):
        assert visitor(county.people[role]).post(page, {"note": "可以", "version": "1"}).status_code == code, role
    approver = visitor(county.people["approver0"])
    listed = approver.get(reverse("defaults_releases"))
    assert "去放行" in text_of(listed)
    for link in re.findall(r'href="(/supervision/[^"]*)"', listed.content.decode()):
        assert approver.get(link).status_code == 200, link  # nothing leads where the approver may not go
    version = str(approver.get(page).context["version"])
    assert approver.post(page, {"note": "", "version": version}).status_code == 422
    assert approver.post(page, {"note": "可以", "version": "x"}).status_code == 422
    assert approver.post(page, {"note": "可以", "version": "0"}).status_code == 409
    case.refresh_from_db()
    assert case.status == "in_progress"
    assert approver.post(page, {"note": "许可条件没有变化", "version": version}).status_code == 302
    case.refresh_from_db()
    assert case.status == "granted"
    assert approver.get(page).status_code == 404
    assert "没有待放行的延续" in text_of(approver.get(reverse("defaults_releases")))


def test_the_brake_is_told_on_every_page_of_a_supervisor_and_released_with_a_reason(county, administrator):
    county.received(county.matter())
    at("2026-03-09 16:00")
    sweep()
    at("2026-03-12 10:00")
    sweep()
    county_wide = visitor(county.people["supervisor"])
    banner = "超时默认已刹住：自 3月12日 10:00 起有 1 件等待"
    for page in ("supervision", "supervision_cases", "case_search"):
        assert banner in text_of(county_wide.get(reverse(page))), page
    assert banner not in text_of(visitor(county.people["window0"]).get(reverse("case_search")))
    page = reverse("defaults_brake")
    for user in (county.people["director0"], administrator):
        assert "由监察全县的人放行" in text_of(visitor(user).get(page))
        assert visitor(user).post(page, {"reason": "可以"}).status_code == 403
    assert county_wide.post(page, {"reason": " "}).status_code == 422
    assert Brake.objects.get().released_at is None
    done = county_wide.post(page, {"reason": "机房断电，已查明"}, follow=True)
    assert "机房断电，已查明" in text_of(done)
    assert banner not in text_of(done)
    assert county_wide.post(page, {"reason": "再来"}).status_code == 409
    assert sweep().defaulted == 1


def test_nobody_signs_or_releases_by_a_link(county):
    client = visitor(county.people["supervisor"])
    for act in ("defaults_confirm", "defaults_drop"):
        assert client.get(reverse(act, args=[1])).status_code == 405
    assert acting_user(county.people["supervisor"]).supervises
