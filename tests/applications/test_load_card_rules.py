"""The first rules of an installation, from their file: idempotent, all or nothing, every fault named."""

from __future__ import annotations

import copy
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from applications.actions.load_card_rules import load_card_rules
from applications.domain.transitions import ClockKind
from applications.models import CardRule, RuleSet
from applications.selectors.rule_presets import presets
from applications.selectors.rules import forget_rules, rulebook
from halls.domain.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parent.parent.parent / "data" / "card_rules"
FILE = FOLDER / "default.json"
TODAY = date(2026, 3, 2)


@pytest.fixture
def content() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def _forget():
    yield
    forget_rules()


def rules_of_the_day(day: date) -> list[Any]:
    return [rule for kind in ClockKind for rule in rulebook(day).governing(kind, day, 0, 0)]


def test_the_shipped_file_is_installed_once(content):
    count = len(content["rules"])
    assert load_card_rules(content) == (count, 0)
    assert load_card_rules(content) == (0, count)
    assert CardRule.objects.count() == len(rules_of_the_day(TODAY)) == count
    assert rules_of_the_day(date(2017, 12, 31)) == []
    assert RuleSet.objects.get().is_as_proposed()


def test_rules_in_force_are_not_rewritten_by_a_file(content):
    load_card_rules(content)
    changed = copy.deepcopy(content)
    changed["rules"][0]["value"] = 2
    with pytest.raises(Refused, match="rules_in_force"):
        load_card_rules(changed)
    assert CardRule.objects.get(clock_kind="acceptance", level="warning").value == 1


@pytest.mark.parametrize("code", ["hunan", "enshi", "guangzhou"])
def test_a_preset_is_for_two_persons_to_choose(code):
    with pytest.raises(Invalid, match="rules_need_two_persons"):
        load_card_rules(json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8")))


def test_the_database_lets_nobody_change_a_rule_or_a_set(content):
    load_card_rules(content)
    for statement in (
        "UPDATE applications_cardrule SET value = 9",
        "DELETE FROM applications_cardrule",
        "UPDATE applications_ruleset SET effective_on = '2026-01-01'",
        "UPDATE applications_ruleset SET ended_on = '2026-01-01'",
        "DELETE FROM applications_ruleset",
        "INSERT INTO applications_cardrule (rule_set_id, clock_kind, level, side, value, unit, only_alone,"
        " only_immediate, is_automatic, basis) SELECT id, 'order', 'red', 'left', 200, 'multiple', false, false,"
        " true, '' FROM applications_ruleset",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RuleSet.objects.get().is_as_proposed()


@pytest.mark.django_db(transaction=True)
def test_the_application_adds_nothing_to_rules_in_force_and_installs_none(content, app_connection):
    load_card_rules(content)
    call_command("secure_database", verbosity=0)
    row = (
        "INSERT INTO applications_cardrule (rule_set_id, clock_kind, level, side, value, unit, only_alone,"
        " only_immediate, is_automatic, basis) SELECT id, 'order', 'yellow', 'left', 200, 'wd', false, true,"
        " true, '' FROM applications_ruleset"
    )
    installed = (
        "INSERT INTO applications_ruleset (reason, is_installed, proposed_person, confirmed_person, code, name, source,"
        " note, scope, effective_on, digest) VALUES ('', true, '', '', 'x', 'x', 'x', '', 'county', '2020-01-01', 'x')"
    )
    for statement in (row, installed, "UPDATE applications_cardrule SET value = 9"):
        with (
            pytest.raises(Exception, match=r"in force|permission denied|two persons"),
            app_connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"clock": "lunch"}, "lunch"),
        ({"level": "purple"}, "purple"),
        ({"side": "under"}, "under"),
        ({"unit": "moons"}, "moons"),
        ({"value": -1}, "value"),
        ({"value": "many"}, "value"),
        ({"value": True}, "value"),
        ({"value": 2.5}, "value"),
        ({"value": 10**9}, "value"),
        ({"unit": "pct", "value": 100}, "value"),
        ({"side": "over", "unit": "pct"}, "value"),
        ({"min_amount": 9, "max_amount": 3}, "min_amount"),
        ({"only_alone": "no"}, "only_alone"),
        ({"basis": ""}, "basis"),
        ({"basis": None}, "basis"),
        ({"is_automatic": False, "level": "warning", "clock": "order"}, "先由监察员确认"),
        ({"is_automatic": "no"}, "is_automatic"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_faulty_rule_is_named_and_nothing_is_loaded(content, change, word):
    content["rules"][2] |= change
    content["rules"][5] |= change
    with pytest.raises(Invalid) as refusal:
        load_card_rules(content)
    assert [problem.field for problem in refusal.value.problems] == ["rules.3", "rules.6"]
    assert all(word in problem.message for problem in refusal.value.problems)
    assert not RuleSet.objects.exists()


@pytest.mark.parametrize(
    "expression",
    [
        "1; DROP TABLE applications_clock",
        "__import__('os').system('id')",
        "new java.lang.ProcessBuilder('id').start()",
        "{{ 7 * 7 }}",
        "amount * 0.5",
        {"$gt": 0},
        ["left", 2],
        None,
    ],
    ids=str,
)
@pytest.mark.parametrize("key", ["value", "min_amount", "side", "unit", "level", "clock", "only_alone"])
def test_trap_24_an_expression_is_no_rule(content, key, expression):
    """Rule text is data: whatever stands in place of a number or a word is refused, never run."""
    content["rules"][0][key] = expression
    if key == "min_amount" and expression is None:
        assert load_card_rules(content).added == len(content["rules"])  # an open range
        return
    with pytest.raises(Invalid, match="card_rules_faulty"):
        load_card_rules(content)
    assert not RuleSet.objects.exists()


def test_a_rule_said_twice_is_refused(content):
    content["rules"].append(content["rules"][0])
    with pytest.raises(Invalid) as refusal:
        load_card_rules(content)
    assert [problem.field for problem in refusal.value.problems] == [f"rules.{len(content['rules'])}"]


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"rules": []},
        {"rules": [{}]},
        {"code": "x", "name": "x", "source": "x", "effective_on": "soon", "rules": [{}]},
        {"code": "x", "name": "x", "source": "x", "effective_on": 3, "rules": [{}]},
        {"code": "x", "name": "x" * 99, "source": "x", "rules": [{}]},
        {"code": "x", "name": "x", "source": "x", "script": "x", "rules": [{}]},
        {"code": "x", "name": "x", "source": "x", "rules": [{}] * 201},
    ],
)
def test_another_kind_of_file_is_refused(broken):
    with pytest.raises(Invalid, match="card_rules_shape"):
        load_card_rules(broken)


def test_every_preset_covers_every_clock_and_cites_each_rule():
    known = presets()
    assert list(known) == ["default", "hunan", "enshi", "guangzhou"]
    for sheet in known.values():
        assert {entry.rule.clock for entry in sheet.entries} == set(ClockKind)
        assert all(entry.basis and entry.is_automatic for entry in sheet.entries)
    inherited = [entry for entry in known["enshi"].entries if entry.rule.clock != ClockKind.PROMISED]
    assert all(entry.basis.startswith("沿用默认规则") for entry in inherited)


def test_the_command_tells_what_it_did(content, tmp_path):
    out = io.StringIO()
    call_command("load_card_rules", str(FILE), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"added": len(content["rules"]), "unchanged": 0}
    for name, text in (("broken", "{"), ("absent", None), ("another", json.dumps(content | {"code": "another"}))):
        file = tmp_path / f"{name}.json"
        if text:
            file.write_text(text, encoding="utf-8")
        with pytest.raises(CommandError):
            call_command("load_card_rules", str(file))
    del content["rules"][0]["basis"]
    file = tmp_path / "faulty.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(CommandError, match=r"rules\.1"):
        call_command("load_card_rules", str(file))
