"""责任追究 of orders that were closed as not rectified: opened, seen, settled, proved, and guarded by the database."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.domain.errors import NotPermitted, Refused
from halls.models import Delegation
from supervision.actions import close_unrectified
from supervision.actions.open_accounts import open_accounts
from supervision.actions.settle_account import settle_account
from supervision.actions.sweep import sweep
from supervision.domain.orders import failed_at
from supervision.models import Accountability, LimitWarning, OrderAct
from supervision.selectors.accounts import account_of, accounts_of, stage_of
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.accounts import (
    CLOSED,
    DUE,
    LATE,
    REFERRED,
    TALK,
    failed,
    missed,
    names,
    shanghai,
    text_of,
    visitor,
)
from tests.supervision.county import at, clock_of
from tests.supervision.ordering import TEXTS, accept, give_up, issue, reply, send_back, withdraw

pytestmark = pytest.mark.django_db


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
