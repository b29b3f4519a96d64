"""Publish the thresholds of warnings and cards: the one way in which the rules change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from applications.models import CardRule
from applications.selectors.rules import forget_rules
from halls.domain.errors import Invalid, Problem

FIELDS = ("side", "days", "max_amount", "is_multiple", "only_alone", "basis", "ended_on")
KEYS = {"clock", "level", "side", "days", "min_amount", "max_amount", "is_multiple", "only_alone", "basis"}
RuleKey = tuple[str, str, int | None, date]


class LoadedRules(NamedTuple):
    """What became of the rules."""

    added: int
    changed: int
    ended: int
    unchanged: int


@transaction.atomic
def load_card_rules(content: Any, *, today: date) -> LoadedRules:
    """Make the rules of this file hold, all or none; the same file again changes nothing.

    A rule that the file no longer names ends the day before `today`; it stays for the cards it wrote. Clocks keep
    their dates until they are derived again. Raises Invalid with every faulty rule.
    """
    wanted = {_key(rule): rule for rule in _read(content)}
    held = {_key(rule): rule for rule in CardRule.objects.select_for_update()}
    new = [rule for key, rule in wanted.items() if key not in held]
    changed = [held[key] for key, rule in wanted.items() if key in held and _correct(held[key], rule)]
    gone = [rule for key, rule in held.items() if key not in wanted and rule.ended_on is None]
    for rule in gone:
        rule.ended_on = max(today - timedelta(days=1), rule.effective_on)
    CardRule.objects.bulk_create(new)
    CardRule.objects.bulk_update([*changed, *gone], FIELDS)
    transaction.on_commit(forget_rules)
    forget_rules()
    return LoadedRules(len(new), len(changed), len(gone), len(wanted) - len(new) - len(changed))


def _key(rule: CardRule) -> RuleKey:
    return rule.clock_kind, rule.level, rule.min_amount, rule.effective_on


def _correct(held: CardRule, wanted: CardRule) -> bool:
    """Set what differs; say whether anything did."""
    different = [name for name in FIELDS if getattr(held, name) != getattr(wanted, name)]
    for name in different:
        setattr(held, name, getattr(wanted, name))
    return bool(different)


def _read(content: Any) -> list[CardRule]:
    problems: list[Problem] = []
    rules: dict[RuleKey, CardRule] = {}
    for number, entry in enumerate(_entries(content), start=1):
        rule, faults = _rule(entry, content["effective_on"])
        if rule is not None and rules.setdefault(_key(rule), rule) is not rule:
            faults = ["与前面的规则重复（同一时限、级别和范围）。"]
        problems += [Problem(f"rules.{number}", fault, "请对照 data/card_rules.json 改正。") for fault in faults]
    if problems:
        raise Invalid("card_rules_faulty", "规则没有导入，内容有错误：", problems=tuple(problems))
    return list(rules.values())


def _entries(content: Any) -> Iterable[Any]:
    shaped = isinstance(content, dict) and isinstance(content.get("rules"), list) and bool(content["rules"])
    try:
        date.fromisoformat(content["effective_on"] if shaped else "")
    except (KeyError, TypeError, ValueError):
        cure = '文件应为 {"effective_on": "2018-01-01", "rules": [...]}。'
        raise Invalid("card_rules_shape", "规则文件的格式不对。", field="rules", cure=cure) from None
    entries: list[Any] = content["rules"]
    return entries


def _rule(entry: Any, effective_on: str) -> tuple[CardRule | None, list[str]]:
    if not isinstance(entry, Mapping) or (unknown := entry.keys() - KEYS):
        return None, [f"不认识的内容：{'、'.join(sorted(unknown)) if isinstance(entry, Mapping) else entry}。"]
    values = {("clock_kind" if name == "clock" else name): value for name, value in entry.items()}
    rule = CardRule(**values, effective_on=date.fromisoformat(effective_on))
    try:
        rule.clean_fields()
    except ValidationError as error:
        return None, [f"{name}：{'；'.join(map(str, texts))}" for name, texts in error.message_dict.items()]
    return rule, []
