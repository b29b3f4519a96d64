"""Trying other rules on history: what they would have issued, beside today's and beside what was issued."""

from __future__ import annotations

import json
from datetime import date, datetime
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from applications.models import Application, Clock
from applications.selectors.rule_presets import preset
from applications.selectors.rules import by_clock
from halls.domain.errors import Invalid
from halls.domain.moments import local
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from supervision.selectors.try_rules import try_rules
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def tried(code, since=date(2026, 2, 1), until=date(2026, 3, 31)):
    candidate = by_clock(entry.rule for entry in preset(code).entries)
    return try_rules(Application.objects.all(), candidate, since, until, read_moment())


def test_todays_rules_tried_on_history_issue_what_was_issued(busy):
    at("2026-03-20 10:00")
    sweep()
    trial = tried("default")
    assert trial.differing == []
    assert trial.unexplained == 0
    assert sum(trial.issued.values()) == LimitWarning.objects.count() > 20
    assert trial.candidate == trial.today == trial.issued


def test_other_rules_say_how_many_more_and_which(busy):
    at("2026-03-20 10:00")
    sweep()
    trial = tried("enshi")
    yellow = next(row for row in trial.totals() if row[0] == "yellow")
    assert yellow[1] > yellow[2] == yellow[3]
    assert {one.kind for one in trial.differing} == {"promised"}
    lines = {(line.kind, line.level): line for line in trial.lines()}
    assert lines["promised", "warning"].candidate == 0 < lines["promised", "warning"].today
    one = next(one for one in trial.differing if one.candidate.keys() - one.today.keys())
    assert Clock.objects.get(pk=one.clock_id).application.number == one.number


def test_what_differs_says_when_each_card_would_have_come(busy):
    at("2026-03-20 10:00")
    sweep()
    trial = tried("enshi")
    cards = {(card.clock_id, card.level): card.effective_at for card in LimitWarning.objects.all()}
    dropped = [(one, level, when) for one in trial.differing for level, when in one.today.items()]
    assert dropped
    for one, level, when in dropped:
        assert cards[one.clock_id, level] == when, "what today's rules say is what was issued"
    moved = [one for one in trial.differing if one.candidate.keys() & one.today.keys()]
    assert moved, "who gets the same card under both gets it at another moment"
    for one in moved:
        assert all(one.candidate[level] != one.today[level] for level in one.candidate.keys() & one.today.keys())
    added = [(one, when) for one in trial.differing for when in one.candidate.values()]
    assert added
    for one, when in added:
        clock = Clock.objects.get(pk=one.clock_id)
        assert clock.started_at < when
        assert local(when).date() > local(clock.started_at).date(), "nothing is used on the day of acceptance"
    told = trial.as_dict()["differing"]
    assert [list(row["candidate"]) for row in told] == [list(one.candidate) for one in trial.differing]
    first = next(row for row in told if row["candidate"])
    assert datetime.fromisoformat(next(iter(first["candidate"].values()))) == added[0][1]


def test_only_what_began_in_the_period_counts_and_nothing_is_written(busy):
    at("2026-03-20 10:00")
    before = LimitWarning.objects.count(), list(Clock.objects.order_by("pk").values_list("yellow_at", flat=True))
    first, second = tried("enshi", until=date(2026, 3, 1)), tried("enshi", since=date(2026, 3, 2))
    whole = tried("enshi")
    assert first.clocks + second.clocks == whole.clocks == Clock.objects.count()
    assert first.candidate + second.candidate == whole.candidate
    assert before == (
        LimitWarning.objects.count(),
        list(Clock.objects.order_by("pk").values_list("yellow_at", flat=True)),
    )
    with pytest.raises(Invalid, match="period_backwards"):
        tried("enshi", since=date(2026, 3, 2), until=date(2026, 3, 1))


def test_the_command_tries_and_refuses_nonsense(busy, capsys):
    at("2026-03-20 10:00")
    sweep()
    call_command("try_rules", "--preset", "enshi", "--from", "2026-02-01", "--to", "2026-03-31", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["yellow"]["candidate"] > told["totals"]["yellow"]["today"]
    assert told["clocks"] == Clock.objects.count()
    call_command("try_rules", "--preset", "enshi", "--from", "2026-02-01", "--to", "2026-03-31")
    assert "这套规则会发" in capsys.readouterr().out
    for since, until, code in (
        ("2026-03-31", "2026-02-01", "enshi"),
        ("soon", "2026-02-01", "enshi"),
        *[("2026-02-01", "2026-03-31", "nowhere")],
    ):
        with pytest.raises(CommandError):
            call_command("try_rules", "--preset", code, "--from", since, "--to", until)


def test_the_trial_page_counts_lists_and_refuses(busy):
    at("2026-03-20 10:00")
    sweep()
    client = visitor(busy, "supervisor")
    asked = {"preset": "enshi", "since": "2026-02-01", "until": "2026-03-31"}
    page = client.get(reverse("supervision_rule_trial"), asked)
    trial = page.context["trial"]
    assert page.status_code == 200
    assert len(page.context["rows"]) == len(trial.differing) > 5
    shown = unescape(page.content.decode())
    assert f"现行规则发 {trial.totals()[1][2]}" in shown
    for one in trial.differing:
        for when in (*one.candidate.values(), *one.today.values()):
            assert f'<time datetime="{local(when).isoformat()}">' in shown
    for wrong in ({"preset": "x"}, {"since": "soon"}, {"until": "2020-01-01"}, {"page": "²"}, {"page": "99999999999"}):
        assert client.get(reverse("supervision_rule_trial"), asked | wrong).status_code in (200, 422)


def test_a_director_tries_rules_on_the_own_township_only(busy):
    at("2026-03-20 10:00")
    asked = {"preset": "enshi", "since": "2026-02-01", "until": "2026-03-31"}
    whole = visitor(busy, "supervisor").get(reverse("supervision_rule_trial"), asked).context["trial"]
    part = visitor(busy, "director0").get(reverse("supervision_rule_trial"), asked).context["trial"]
    assert 0 < part.cases < whole.cases
    assert {one.number for one in part.differing} < {one.number for one in whole.differing}
