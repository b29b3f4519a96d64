"""The thresholds from their file: idempotent, all or nothing, every fault named."""

from __future__ import annotations

import copy
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from applications.actions.load_card_rules import load_card_rules
from applications.models import CardRule
from applications.selectors.rules import forget_rules, rules_in_force
from halls.domain.errors import Invalid

pytestmark = pytest.mark.django_db
FILE = Path(__file__).resolve().parent.parent.parent / "data" / "card_rules.json"
TODAY = date(2026, 3, 2)


@pytest.fixture
def content() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def _forget():
    yield
    forget_rules()


def test_the_shipped_file_is_loaded_once(content):
    count = len(content["rules"])
    assert load_card_rules(content, today=TODAY) == (count, 0, 0, 0)
    assert load_card_rules(content, today=TODAY) == (0, 0, 0, count)
    assert CardRule.objects.count() == len(rules_in_force(TODAY)) == count


def test_a_changed_threshold_holds_at_once(content):
    load_card_rules(content, today=TODAY)
    assert rules_in_force(TODAY)
    changed = copy.deepcopy(content)
    changed["rules"][0]["days"] = 2
    assert load_card_rules(changed, today=TODAY).changed == 1
    assert {r.days for r in rules_in_force(TODAY) if (r.clock, r.level) == ("pre_review", "yellow")} == {2}


def test_a_rule_that_is_gone_ends_and_one_that_returns_is_revived(content):
    load_card_rules(content, today=TODAY)
    fewer = copy.deepcopy(content)
    gone = fewer["rules"].pop()
    assert load_card_rules(fewer, today=TODAY).ended == 1
    assert CardRule.objects.get(clock_kind=gone["clock"], level=gone["level"]).ended_on == date(2026, 3, 1)
    assert len(rules_in_force(TODAY)) == len(fewer["rules"])
    assert load_card_rules(fewer, today=TODAY).ended == 0
    assert load_card_rules(content, today=TODAY).changed == 1
    assert len(rules_in_force(TODAY)) == len(content["rules"])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"clock": "lunch"}, "lunch"),
        ({"level": "purple"}, "purple"),
        ({"side": "under"}, "under"),
        ({"days": -1}, "days"),
        ({"days": "many"}, "days"),
        ({"basis": ""}, "basis"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_faulty_rule_is_named_and_nothing_is_loaded(content, change, word):
    content["rules"][2] |= change
    content["rules"][4] |= change
    with pytest.raises(Invalid) as refusal:
        load_card_rules(content, today=TODAY)
    assert [problem.field for problem in refusal.value.problems] == ["rules.3", "rules.5"]
    assert all(word in problem.message for problem in refusal.value.problems)
    assert not CardRule.objects.exists()


def test_a_rule_said_twice_is_refused(content):
    content["rules"].append(content["rules"][0])
    with pytest.raises(Invalid) as refusal:
        load_card_rules(content, today=TODAY)
    assert [problem.field for problem in refusal.value.problems] == [f"rules.{len(content['rules'])}"]


@pytest.mark.parametrize(
    "broken", [None, [], {}, {"rules": []}, {"effective_on": "soon", "rules": [{}]}, {"rules": [{}]}]
)
def test_another_kind_of_file_is_refused(broken):
    with pytest.raises(Invalid, match="card_rules_shape"):
        load_card_rules(broken, today=TODAY)


def test_the_command_tells_what_it_did(content, tmp_path):
    out = io.StringIO()
    call_command("load_card_rules", str(FILE), "--json", stdout=out)
    assert json.loads(out.getvalue())["added"] == len(content["rules"])
    for text in ("{", None):
        file = tmp_path / "rules.json"
        if text:
            file.write_text(text, encoding="utf-8")
        else:
            file = tmp_path / "absent.json"
        with pytest.raises(CommandError):
            call_command("load_card_rules", str(file))
    del content["rules"][0]["basis"]
    file = tmp_path / "faulty.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(CommandError, match=r"rules\.1"):
        call_command("load_card_rules", str(file))
