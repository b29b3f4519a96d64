"""Install the rules of warnings and cards, before there are people to sign for them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import transaction

from applications.domain.rule_file import RuleSheet, read_sheet
from applications.models import CardRule, RuleSet
from applications.selectors.rules import forget_rules
from halls.domain.errors import Invalid, Refused
from halls.selectors.work_calendar import read_moment


class LoadedRules(NamedTuple):
    """What became of the rules."""

    added: int
    unchanged: int


@transaction.atomic
def load_card_rules(content: Any) -> LoadedRules:
    """Install the county's first set of rules from a file that says from when it holds; the same file again is nothing.

    Only the owner of the database can. Raises Invalid with every faulty rule (or for a file without a date: that is
    one to choose from), Refused when a county set is in force already: it is never rewritten, another takes its place.
    """
    sheet = read_sheet(content)
    if sheet.effective_on is None or sheet.inherits:
        cure = "请在监察的「红黄牌规则」页面选用，由一人提出、另一人确认。"
        raise Invalid("rules_need_two_persons", "这是供选用的规则，不能直接载入。", field="effective_on", cure=cure)
    held = RuleSet.objects.filter(scope=RuleSet.Scope.COUNTY, confirmed_at__isnull=False)
    if held.filter(code=sheet.code, effective_on=sheet.effective_on, digest=sheet.digest).exists():
        return LoadedRules(0, len(sheet.entries))
    if held.exists():
        raise Refused(
            "rules_in_force",
            "已有规则在执行，不能改写：在办件一直按起算那天的规则。",
            cure="请在监察的「红黄牌规则」页面提出新的规则，写明起用日期，由另一人确认。",
        )
    write_set(
        RuleSet(scope=RuleSet.Scope.COUNTY, effective_on=sheet.effective_on, is_installed=True, reason="随系统安装"),
        sheet,
    )
    transaction.on_commit(forget_rules)
    forget_rules()
    return LoadedRules(len(sheet.entries), 0)


def write_set(row: RuleSet, sheet: RuleSheet) -> RuleSet:
    """Write an unsaved set with the rules of the sheet."""
    row.code, row.name, row.source, row.note = sheet.code, sheet.name, sheet.source, sheet.note
    row.digest = sheet.digest
    if row.is_installed:
        row.confirmed_at = read_moment().at  # the trigger stamps the moment
    row.save()
    CardRule.objects.bulk_create([CardRule.of(row, entry) for entry in sheet.entries])
    return row
