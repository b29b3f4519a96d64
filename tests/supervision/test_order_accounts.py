"""责任追究 of orders that were closed as not rectified: opened, seen, settled, proved, and guarded by the database."""

import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from html import unescape

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.domain.errors import NotFound, NotPermitted, Refused
from halls.domain.worktime import SHANGHAI, day_of
from halls.models import Delegation, User
from supervision.actions import close_unrectified
from supervision.actions.open_accounts import open_accounts
from supervision.actions.settle_account import Deed, settle_account
from supervision.actions.sweep import sweep
from supervision.actions.take_evidence import take_evidence
from supervision.domain.orders import failed_at
from supervision.models import Accountability, AccountAct, LimitWarning, OrderAct
from supervision.selectors.accounts import account_of, accounts_of, stage_of
from tests.clock.attack import as_application, blocked
from tests.factories.cases import a_picture
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.cards import staffed
from tests.supervision.county import at, clock_of
from tests.supervision.ordering import TEXTS, accept, give_up, issue, reply, send_back, withdraw

pytestmark = pytest.mark.django_db
DUE, LATE = "2026-03-09 23:59:59", "2026-03-12 10:00"  # of an order issued on Monday 2 March
TALK = Deed("handle", "当面约谈", "talk", "东乡负责人", "县政务服务局", date(2026, 3, 2), "示例约〔2026〕1号")
REFERRED = Deed("refer", "线索移送", document_no="示例移〔2026〕1号", done_on=date(2026, 3, 2))
CLOSED = Deed("close", "已处理完毕")


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def names(account):
    return [one["name"] for one in account.holders]


def failed(county, organ=None, *, answered_by="director0", **about):
    """An order that was answered in time, and not well enough; returns its record."""
    order = issue(county, organ, **about)
    reply(county, order, by=answered_by)
    give_up(county, order)
    return Accountability.objects.get(order=order)


def missed(county, organ=None, **about):
    """An order that nobody answered; returns its record."""
    order = issue(county, organ, **about)
    at(LATE)
    give_up(county, order)
    return Accountability.objects.get(order=order)


# --- what is opened ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stopped", "closed", "failed_on"),
    [
        ("2026-03-03 16:00", "2026-03-04 10:00", "2026-03-04 10:00"),  # answered in time, not well enough
        (DUE, "2026-03-11 10:00", "2026-03-11 10:00"),  # the last second is in time
        ("2026-03-10 00:00", "2026-03-11 10:00", DUE),  # answered late
        ("2026-03-12 10:00", "2026-03-12 10:00", DUE),  # never answered
    ],
)
def test_an_order_is_failed_when_its_limit_was_missed_or_when_it_was_closed(stopped, closed, failed_on):
    assert failed_at(shanghai(DUE), shanghai(stopped), shanghai(closed)) == shanghai(failed_on)


def test_a_record_says_which_order_which_organ_who_held_the_duty_and_on_what_ground(county):
    account = failed(county)
    assert account.order is not None
    assert (account.act, account.fault, account.get_act_display()) == ("unrectified", "organ", "督办单未整改")
    assert (account.number, account.citation) == ("督〔2026〕1号", TEXTS["basis"])
    assert (account.seat_path, account.seat_name) == (county.townships[0].path, "东乡便民服务中心")
    assert names(account) == [county.people["director0"].full_name]
    closing = account.order.acts.get(act="give_up")
    assert (account.breached_at, account.opened_at, closing.words) == (closing.at, closing.at, "仍然无人值守。")
    assert (account.application, account.clock, account.card) == (None, None, None)
    assert open_accounts() == 0


def test_whoever_let_the_limit_run_out_is_named_though_somebody_else_had_the_post_when_it_was_closed(county):
    old = county.people["director0"]
    new = person_in_post(PostKind.SUPERVISOR, county.townships[0])
    old.posts.update(ends_on="2026-03-09")
    new.posts.update(starts_on="2026-03-10")
    account = missed(county)
    assert (names(account), account.breached_at) == ([old.full_name], shanghai(DUE))


def test_where_nothing_ran_out_it_is_whoever_has_the_duty_on_the_day_of_the_closing(county):
    order = issue(county)
    reply(county, order)
    at("2026-03-06 10:00")
    new = person_in_post(PostKind.SUPERVISOR, county.townships[0])
    county.people["director0"].posts.update(ends_on="2026-03-05")
    give_up(county, order)
    account = Accountability.objects.get()
    assert (names(account), account.breached_at) == ([new.full_name], shanghai("2026-03-06 10:00"))


def test_a_late_answer_counts_from_the_limit_and_one_after_being_sent_back_from_the_new_one(county):
    late, again = issue(county), issue(county, title="台账不全")
    reply(county, again)
    send_back(county, again)
    at("2026-03-09 09:00")
    reply(county, again)
    at("2026-03-10 09:00")
    reply(county, late)
    for order in (late, again):
        give_up(county, order)
    found = dict(Accountability.objects.values_list("order", "breached_at"))
    assert found == {late.pk: shanghai(DUE), again.pk: shanghai("2026-03-10 09:00")}


def test_where_an_organ_has_nobody_the_one_right_above_is_named_and_never_the_county(county):
    person_in_post(PostKind.APPROVER, county.hall)
    county.people["bureau_approver"].posts.update(ends_on="2026-03-01")
    orders = [issue(county, organ) for organ in (county.villages[0], county.bureau, county.station)]
    at(LATE)
    for order in orders:
        give_up(county, order)
    village, bureau, station = (names(Accountability.objects.get(order=order)) for order in orders)
    assert (village, bureau, station) == ([county.people["approver0"].full_name], [], [])


def test_who_decided_by_letter_that_day_is_named_too(county):
    deputy = county.people["bureau_examiner"]
    Delegation.objects.create(
        grantor=county.people["bureau_approver"], grantee=deputy, department=county.bureau,
        document_no="示例授〔2026〕3号", starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31),
    )  # fmt: skip
    account = missed(county, county.bureau)
    assert names(account) == [county.people["bureau_approver"].full_name, deputy.full_name]


def test_an_order_about_a_card_has_its_case_and_the_card_has_a_record_of_its_own(county):
    case = county.accepted(county.matter(promised=5))
    at("2026-04-20 09:00")
    sweep()
    card = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="red")
    account = failed(county, card=card.pk)
    assert (account.application_id, account.card_id, account.clock_id) == (case.pk, None, None)
    assert open_accounts() > 0
    assert Accountability.objects.get(card=card).act == "red_card"


def test_nothing_else_that_ends_an_order_opens_a_record(county):
    done, back, waiting = (issue(county, title=f"第 {n} 件") for n in range(3))
    reply(county, done)
    accept(county, done)
    withdraw(county, back)
    reply(county, waiting)
    assert open_accounts() == 0
    assert not Accountability.objects.exists()


def test_an_order_whose_record_cannot_be_opened_is_not_closed(county, monkeypatch):
    def refuse(_order_id):
        raise DatabaseError

    order = issue(county)
    reply(county, order)
    monkeypatch.setattr(close_unrectified, "open_of_order", refuse)
    with pytest.raises(DatabaseError), transaction.atomic():
        give_up(county, order)
    order.refresh_from_db()
    assert (order.state, OrderAct.objects.filter(order=order, act="give_up").exists()) == ("replied", False)


def test_an_order_closed_before_records_of_orders_were_kept_gets_one_later(county):
    account = missed(county)
    with unguarded("supervision_accountability"):
        Accountability.objects.all().delete()
    at("2026-03-20 10:00")
    assert (open_accounts(), open_accounts()) == (1, 0)
    again = Accountability.objects.get()
    assert (again.breached_at, again.holders) == (account.breached_at, account.holders)
    assert again.opened_at == shanghai("2026-03-20 10:00")


# --- who sees it, who settles it -----------------------------------------------------------------------------------

SEEING = {
    "township": {"supervisor", "director0"},
    "village": {"supervisor", "director0"},
    "bureau": {"supervisor", "bureau_director"},
    "county": {"supervisor"},
}


@pytest.mark.parametrize("organ", SEEING)
def test_it_is_seen_by_whoever_supervises_the_organ_of_the_order(county, organ):
    county.people["county_approver"] = person_in_post(PostKind.APPROVER, county.hall)
    place = {
        "township": county.townships[0],
        "village": county.villages[0],
        "bureau": county.bureau,
        "county": county.hall,
    }[organ]
    account = missed(county, place)
    found = {name for name in county.people if accounts_of(county.actor(name)).filter(pk=account.pk).exists()}
    assert found == SEEING[organ]


def test_supervising_the_case_alone_does_not_open_the_record_of_an_order_to_somebody_else(county):
    case = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    account = failed(county, case=case.number, answered_by="bureau_approver")
    assert account.application_id == case.pk
    assert account_of(county.actor("director0"), account.pk) is None  # whose township took the case in
    assert account_of(county.actor("bureau_director"), account.pk) == account


def test_it_is_handled_referred_and_closed_like_every_record(county):
    account = failed(county)

    def settle(deed, who="supervisor"):
        settle_account(account.pk, deed, actor=county.actor(who))
        found = account_of(county.actor("supervisor"), account.pk)
        assert found is not None
        return stage_of(found).label

    with pytest.raises(Refused, match="nothing_done"):
        settle(CLOSED)
    with pytest.raises(NotPermitted):
        settle(TALK, "director0")
    assert settle(TALK) == "已处理"
    assert settle(REFERRED) == "已移送纪检监察"
    with pytest.raises(Refused, match="already_referred"):
        settle(REFERRED)
    assert settle(CLOSED) == "已办结"
    with pytest.raises(Refused, match="closed"):
        settle(TALK)


# --- pages -----------------------------------------------------------------------------------------------------------


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text_of(answer):
    assert answer.status_code == 200
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_list_record_and_order_lead_to_one_another(county):
    account = failed(county)
    order = account.order_id
    page, link = reverse("supervision_account", args=[account.pk]), reverse("order", args=[order])
    listed = visitor(county, "director0").get(reverse("defaults_accountability"))
    for words in ("督办单未整改", "督〔2026〕1号", "窗口无人值守", "督办回复", TEXTS["basis"], "已登记"):
        assert words in text_of(listed)
    assert f'href="{link}"' in listed.content.decode()
    assert 'href="/cases/None' not in listed.content.decode()
    shown = visitor(county, "supervisor").get(page)
    for words in ("督办单未整改", "仍然无人值守。", county.people["director0"].full_name, "东乡便民服务中心"):
        assert words in text_of(shown)
    assert f'href="{link}"' in shown.content.decode()
    assert "按时回复，未整改办结" in text_of(shown)
    for who in ("supervisor", "director0"):
        assert f'href="{page}"' in visitor(county, who).get(link).content.decode()
    assert visitor(county, "director1").get(page).status_code == 404
    assert visitor(county, "approver0").get(page).status_code == 403


def test_a_limit_that_ran_out_is_called_so(county):
    account = missed(county)
    shown = text_of(visitor(county, "supervisor").get(reverse("supervision_account", args=[account.pk])))
    assert "届满" in shown
    assert "按时回复" not in shown


def test_whoever_answers_without_watching_reads_the_order_and_not_the_record(county):
    account = failed(county, county.bureau, answered_by="bureau_approver")
    page = reverse("supervision_account", args=[account.pk])
    found = visitor(county, "bureau_approver").get(reverse("order", args=[account.order_id]))
    assert "未整改" in text_of(found)
    assert page not in found.content.decode()
    assert page in visitor(county, "bureau_director").get(reverse("order", args=[account.order_id])).content.decode()


def test_an_order_about_a_case_shows_both(county):
    case = county.accepted(county.matter())
    account = failed(county, case=case.number)
    for page in (reverse("defaults_accountability"), reverse("supervision_account", args=[account.pk])):
        shown = visitor(county, "supervisor").get(page).content.decode()
        for link in (reverse("case", args=[case.number]), reverse("order", args=[account.order_id])):
            assert f'href="{link}"' in shown, page


def test_it_is_settled_and_its_evidence_taken_by_the_pages(county):
    account = failed(county)
    page, take = (reverse(name, args=[account.pk]) for name in ("supervision_account", "supervision_evidence"))
    refer = {"stage": "refer", "document_no": "示例移〔2026〕1号", "done_on": "2026-03-02", "note": "线索"}
    assert visitor(county, "supervisor").post(take).status_code == 409
    assert visitor(county, "director0").post(page, refer).status_code == 403
    assert visitor(county, "supervisor").post(page, refer | {"document_no": ""}).status_code == 422
    assert visitor(county, "supervisor").post(page, refer).status_code == 302
    assert "督办单、全部办理经过" in text_of(visitor(county, "supervisor").get(page))
    answer = visitor(county, "supervisor").post(take)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert visitor(county, "director0").post(take).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_many(county):
    def statements():
        client = visitor(county, "supervisor")
        client.get(reverse("defaults_accountability"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("defaults_accountability")).status_code == 200
        return len(seen)

    failed(county)
    one = statements()
    for n in range(3):
        failed(county, title=f"第 {n} 件")
        failed(county, case=county.accepted(county.matter()).number)
    assert statements() == one


# --- the evidence --------------------------------------------------------------------------------------------------


def pack_of(county, account, folder):
    referred = replace(REFERRED, done_on=day_of(account.breached_at))
    settle_account(account.pk, referred, actor=county.actor("supervisor"))
    found = take_evidence(account.pk, actor=county.actor("supervisor"))
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    return found


def verified(folder):
    """Run the verifier that lies in the pack, alone."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True, env={}, check=False
    )


@pytest.fixture
def pack(county, tmp_path, settings):
    """Of an order about a matter of the organ's own: extended, answered late with a picture, not rectified."""
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    order = issue(county)
    reply(county, order, words="说明情况。")
    at("2026-03-03 10:00")
    send_back(county, order)
    at("2026-03-12 10:00")
    reply(county, order, words="整改了。", papers=[("现场.png", a_picture())])
    give_up(county, order)
    at("2026-03-13 10:00")
    found = pack_of(county, Accountability.objects.get(), tmp_path / "pack")
    assert found.name.startswith("证据包-督〔2026〕1号-")
    return tmp_path / "pack"


def read(pack, name):
    return json.loads((pack / name).read_text(encoding="utf-8"))


def rewrite(pack, name, value):
    """Write a file anew, and its digest into the manifest: whoever forges one forges both."""
    (pack / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    manifest = read(pack, "manifest.json")
    manifest["files"].pop(name)
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_the_pack_of_an_order_carries_its_acts_replies_and_limits_and_proves_itself(pack):
    done = verified(pack)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "督办单 督〔2026〕1号：5 条办理记录" in done.stdout
    assert "核验通过" in done.stdout
    order = read(pack, "order.json")
    assert [act["act"] for act in order["acts"]] == ["issue", "reply", "send_back", "reply", "give_up"]
    assert order["acts"][-1]["words"] == "仍然无人值守。"
    assert [limit["due_at"][:10] for limit in order["terms"]] == ["2026-03-09", "2026-03-10"]
    assert [day["n"] for day in order["terms"][0]["days"] if day["counted"]][:1] == [1]
    (file,) = order["acts"][3]["files"]
    assert (pack / file["path"]).read_bytes().startswith(b"\x89PNG")
    told = read(pack, "case.json")
    assert (told["opened_for"], told["organ"]) == ("督办单未整改", "东乡便民服务中心")
    assert told["breached_at"].startswith("2026-03-10T23:59:59")
    assert told["acts"][0]["document_no"] == "示例移〔2026〕1号"
    assert not (pack / "events.json").exists()
    listed = (pack / "README.txt").read_text(encoding="utf-8").split("\n")[2:-1]
    assert {line.split()[0] for line in listed} == {path.name for path in pack.iterdir()} - {"README.txt"}


@pytest.mark.parametrize(
    ("number", "field", "value", "fault"),
    [
        (1, "seq", 7, "序号不连续"),
        (2, "act", "reply", "不能接在上一条后面"),
        (3, "at", "2026-03-02T09:00:00+08:00", "早于上一条"),
        (4, "act", "reply", "末尾不是未整改办结"),
        (2, "act", "extend", "期限与办理经过对不上"),
        (4, "person_code", "REPLIER", "回复和核验是同一个人"),
        (0, "person_code", "REPLIER", "签发和回复是同一个人"),
    ],
)
def test_an_order_that_was_rewritten_contradicts_itself(pack, number, field, value, fault):
    order = read(pack, "order.json")
    order["acts"][number][field] = order["acts"][3]["person_code"] if value == "REPLIER" else value
    rewrite(pack, "order.json", order)
    done = verified(pack)
    assert done.returncode == 1
    assert fault in done.stdout


def test_a_reply_and_a_limit_that_were_taken_out_are_missed(pack):
    order = read(pack, "order.json")
    order["acts"] = [*order["acts"][:1], order["acts"][4] | {"seq": 2}]
    order["terms"] = order["terms"][:1]
    rewrite(pack, "order.json", order)
    said = verified(pack).stdout
    assert "没有回复，期限也没有过" in said
    assert "届满时间与督办单的期限不符" in said


def test_an_attachment_that_was_touched_or_lost_is_found_out_even_with_a_new_manifest(pack):
    (file,) = read(pack, "order.json")["acts"][3]["files"]
    manifest = read(pack, "manifest.json")
    del manifest["files"][file["path"]]
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (pack / file["path"]).write_bytes(b"x")
    assert "内容与清单的摘要不符" in verified(pack).stdout
    (pack / file["path"]).unlink()
    assert "文件不见了" in verified(pack).stdout


def test_the_pack_of_an_order_about_a_card_has_the_chain_of_its_case_and_the_card(county, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    case = county.accepted(county.matter(promised=5))
    at("2026-04-20 09:00")
    sweep()
    card = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="red")
    pack_of(county, failed(county, card=card.pk), tmp_path / "pack")
    done = verified(tmp_path / "pack")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in (f"办件 {case.number}", "督办单 督〔2026〕1号", "核验通过：记录链完整"):
        assert words in done.stdout
    assert read(tmp_path / "pack", "card.json")["level"] == "红牌"
    events = read(tmp_path / "pack", "events.json")
    events[1]["reason"] = "别的理由"
    rewrite(tmp_path / "pack", "events.json", events)
    assert "第 2 号记录" in verified(tmp_path / "pack").stdout


def test_a_file_that_the_disk_lost_is_said_and_nothing_is_taken(county, settings, tmp_path):
    order = issue(county)
    reply(county, order, papers=[("现场.png", a_picture())])
    give_up(county, order)
    settings.MEDIA_ROOT = tmp_path / "empty"
    account = Accountability.objects.get()
    settle_account(account.pk, REFERRED, actor=county.actor("supervisor"))
    with pytest.raises(NotFound, match="磁盘上丢失"):
        take_evidence(account.pk, actor=county.actor("supervisor"))
    assert not account.downloads.exists()


# --- what the database refuses to the site's own role --------------------------------------------------------------


@pytest.fixture
def guarded(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def refused(make, match):
    with as_application(), pytest.raises((DatabaseError, IntegrityError), match=match), transaction.atomic():
        make()


def forge(about, **changes):
    said = {
        "order": about, "act": "unrectified", "fault": "organ", "citation": "x", "seat_path": "x/",
        "breached_at": about.issued_at, "opened_at": about.issued_at,
    }  # fmt: skip
    return Accountability.objects.create(**said | changes)


def test_no_record_is_of_an_order_that_was_not_closed_as_not_rectified(guarded):
    waiting, replied, done, back = (issue(guarded, title=f"第 {n} 件") for n in range(4))
    for order in (replied, done):
        reply(guarded, order)
    accept(guarded, done)
    withdraw(guarded, back)
    for order in (waiting, replied, done, back):
        refused(lambda order=order: forge(order), "no order that was closed as not rectified")
    refused(lambda: forge(waiting, order=None), "no order that was closed as not rectified")
    second = failed(guarded, title="另一件").order
    refused(lambda: forge(second), "no order that was closed as not rectified")


@pytest.fixture
def unrecorded(guarded):
    """An order that was closed as not rectified, whose record is gone: everything but the forger's lie is in place."""
    guarded.case = guarded.accepted(guarded.matter(promised=5))
    at("2026-04-20 09:00")
    sweep()
    guarded.red = LimitWarning.objects.get(clock=clock_of(guarded.case, "promised"), level="red")
    guarded.order = missed_order = issue(guarded)
    reply(guarded, missed_order)
    give_up(guarded, missed_order)
    with unguarded("supervision_accountability"):
        Accountability.objects.all().delete()
    return guarded


def test_what_a_record_says_of_an_order_is_the_order_s_own_whoever_writes_it(unrecorded):
    with as_application():
        account = forge(unrecorded.order, application=unrecorded.case, fault="applicant", seat_name="别处")
    account.refresh_from_db()
    closing = OrderAct.objects.get(order=unrecorded.order, act="give_up")
    assert (account.application_id, account.fault, account.citation) == (None, "organ", TEXTS["basis"])
    assert (account.seat_path, account.seat_name) == (unrecorded.townships[0].path, "东乡便民服务中心")
    assert (account.breached_at, account.opened_at) == (closing.at, closing.at)


def test_nobody_is_named_who_did_not_hold_a_post_there(unrecorded):
    stranger = [{"person_code": "X", "name": "某", "title": "主任"}]
    refused(lambda: forge(unrecorded.order, holders=stranger), "only who held the duty there")
    elsewhere = unrecorded.people["director1"]
    held = {"person_code": elsewhere.person_code, "name": elsewhere.full_name, "title": elsewhere.posts.get().title}
    refused(lambda: forge(unrecorded.order, holders=[held]), "only who held the duty there")


def test_only_three_shapes_of_a_record_are_lawful(unrecorded):
    case, red, shape = unrecorded.case, unrecorded.red, "of_a_limit_card_or_order"
    clock = clock_of(case, "promised")
    for more in ({"clock": clock}, {"card": red}, {"step_seq": 1}, {"step_name": "x"}):
        refused(lambda more=more: forge(unrecorded.order, **more), shape)
    refused(lambda: forge(unrecorded.order, act="red_card", card=red), shape)
    with unguarded("supervision_accountability"):  # the constraint alone, without the guards in front of it
        lies = (
            {"act": "escalate", "application": case, "clock": clock},
            {"act": "escalate", "order": None, "application": case},
            {"act": "escalate", "order": None, "clock": clock},
            {"act": "red_card", "order": None, "application": case},
            {"act": "red_card", "order": None, "card": red},
            {"act": "red_card", "order": None, "application": case, "card": red, "fault": "applicant"},
            {"act": "none", "order": None, "application": case, "clock": clock},
            {"order": None, "application": case, "clock": clock},
            {"fault": "applicant"},
        )
        for lie in lies:
            with pytest.raises(IntegrityError, match=shape), transaction.atomic():
                forge(unrecorded.order, **lie)


def test_a_record_of_an_order_is_not_rewritten_nor_settled_by_a_stranger(guarded):
    account = failed(guarded)
    with as_application():
        blocked("UPDATE supervision_accountability SET order_id = NULL")
        blocked("UPDATE supervision_accountability SET holders = '[]'")
        blocked("DELETE FROM supervision_accountability")
    director, supervisor = guarded.people["director0"], guarded.people["supervisor"]

    def act(user, stage, **more):
        said = {"account": account, "note": "x", "user": user, "person_code": user.person_code, "stage": stage}
        return AccountAct.objects.create(**said | {"at": account.opened_at} | more)

    refused(lambda: act(director, "close"), "watches the whole county")
    refused(lambda: act(supervisor, "close"), "closed when something was done")
    with as_application():
        settle_account(account.pk, TALK, actor=guarded.actor("second"))
        settle_account(account.pk, CLOSED, actor=guarded.actor("third"))
    refused(lambda: act(supervisor, "close"), "is closed")


def test_the_site_closes_an_order_and_opens_its_record_within_its_grants(guarded):
    order = issue(guarded)
    reply(guarded, order)
    with as_application():
        give_up(guarded, order)
    assert Accountability.objects.get().order_id == order.pk
