"""Cards for tests: a second and a third supervisor, a rule that waits for one of them, a card by hand."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from applications.actions.load_card_rules import write_set
from applications.domain.rule_file import read_sheet
from applications.models import Application, RuleSet
from applications.selectors.rules import forget_rules
from halls.domain.duties import PostKind
from supervision.actions.issue_card import Charge, issue_card
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.models import LimitWarning
from tests.factories.halls import DATA, person_in_post
from tests.supervision.county import County, at, clock_of


def staffed(county: County) -> County:
    """Three people watch the county: one asks, one confirms, one decides about the appeal."""
    for name in ("second", "third"):
        county.people[name] = person_in_post(PostKind.SUPERVISOR, county.hall)
    return county


def late_card(county: County, level: str = "yellow", moment: str = "2026-03-10 09:00") -> LimitWarning:
    """A card of the promise of a case in 东乡, which was told; red needs a later moment."""
    case = county.accepted(county.matter(promised=5))
    at(moment)
    sweep()
    return LimitWarning.objects.get(clock=clock_of(case, "promised"), level=level)


def rules_that_wait(county: County, *levels: str) -> None:
    """From now on the promise's cards of these levels wait for a supervisor: a set for one bureau."""
    content = json.loads((DATA / "card_rules" / "default.json").read_text(encoding="utf-8"))
    for rule in content["rules"]:
        if rule["clock"] == "promised" and rule["level"] in levels:
            rule["is_automatic"] = False
    row = RuleSet(
        scope=RuleSet.Scope.DEPARTMENT,
        department=county.bureau,
        effective_on=date(2026, 1, 1),
        is_installed=True,
        reason="示例",
    )
    write_set(row, read_sheet(content))
    forget_rules()


def charge(county: County, **changes: Any) -> Charge:
    said: dict[str, Any] = {
        "level": "red",
        "body": county.townships[0].path,
        "fault": "no_reasons",
        "happened_on": date(2026, 3, 3),
        "facts": "不予受理决定书没有写明理由，申请人投诉后查实。",
        "citation": "《中华人民共和国行政许可法》第三十八条第二款",
    }
    return Charge(**said | changes)


def card_by_hand(county: County, **changes: Any) -> LimitWarning:
    case: Application = county.accepted(county.matter(promised=9))
    at("2026-03-04 10:00")
    return issue_card(case.pk, charge(county, **changes), actor=county.actor("supervisor"))


def told() -> None:
    """Let the queue be emptied, as the sweep does."""
    tell()
