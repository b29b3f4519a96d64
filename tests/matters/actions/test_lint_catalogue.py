"""Reports of the linter: made for the whole catalogue at once, for one guide on publishing, and never older than it."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matters.actions.import_matters import import_matters
from matters.actions.keep_report import keep_report
from matters.actions.lint_catalogue import lint_catalogue
from matters.domain.lint import RULES, score_of
from matters.domain.lint.finding import Finding
from matters.models import LintReport, Matter
from matters.selectors.lint import lint_overview
from matters.tasks import lint_catalogue as nightly
from tests.factories.halls import DATA
from tests.factories.matters import MatterFactory, as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def report(code: str) -> LintReport:
    return LintReport.objects.get(matter__code=code)


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("lint_matters", *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_an_import_leaves_a_report_of_every_matter() -> None:
    assert LintReport.objects.count() == 133
    for one in LintReport.objects.select_related("matter__current"):
        assert one.version == one.matter.current
        assert one.content_hash == one.version.content_hash
        findings = [Finding(**item) for item in one.findings]
        assert one.errors + one.warnings + one.hints == len(findings)
        assert one.rules == sorted({finding.rule for finding in findings})
        assert one.score == score_of(findings)
        assert set(one.rules) <= set(RULES)


def test_the_card_that_the_law_wants_in_three_days_is_found() -> None:
    found = [item for item in report("GA-007").findings if item["rule"] == "promise-over-statute"]
    assert [item["place"] for item in found] == ["promised_limit.days"]
    assert "3 个自然日" in found[0]["message"]


def test_a_changed_guide_is_linted_with_its_import() -> None:
    before = report("MZ-004")
    import_matters(as_file(record("MZ-004", conditions=["法律法规规定的其他条件"])))
    after = report("MZ-004")
    assert after.version.number == 2
    assert after.pk == before.pk
    assert "catch-all-condition" in after.rules
    assert "catch-all-condition" not in before.rules


def test_a_new_name_is_held_against_every_other() -> None:
    import_matters(as_file(record("MZ-004", aliases=[record("NY-003")["name"]])))
    assert "alias-is-another-matter" in report("MZ-004").rules


def test_what_is_closed_has_no_report_and_what_is_paused_has() -> None:
    Matter.objects.filter(code="MZ-001").update(abolished_on=date(2026, 3, 2))
    Matter.objects.filter(code="MZ-002").update(paused_on=date(2026, 3, 2))
    assert lint_catalogue() == 132
    assert not LintReport.objects.filter(matter__code="MZ-001").exists()
    assert report("MZ-002").score


def test_a_guide_of_an_older_installation_is_judged_as_far_as_it_reads() -> None:
    old = MatterFactory.create(code="XX-001", name="旧事项")
    assert lint_catalogue() == 134
    assert "missing-materials" in report(old.code).rules


def test_publishing_keeps_a_report_of_the_one_guide() -> None:
    version = Matter.objects.get(code="NY-003").current
    assert version is not None
    nightly_report = report("NY-003")
    LintReport.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        kept = keep_report(version)
    assert len(queries) <= 5
    assert LintReport.objects.count() == 1
    assert (kept.score, report("NY-003").findings) == (nightly_report.score, nightly_report.findings)


def test_the_statements_of_a_run_do_not_grow_with_the_catalogue() -> None:
    with CaptureQueriesContext(connection) as few:
        lint_catalogue()
    for number in range(40):
        MatterFactory.create(code=f"YY-{number:03d}")
    with CaptureQueriesContext(connection) as many:
        nightly()
    assert len(many) == len(few) <= 9  # savepoints of the test among them


def test_the_overview_counts_what_the_reports_say() -> None:
    with CaptureQueriesContext(connection) as queries:
        overview = lint_overview()
    assert len(queries) == 1
    assert overview.guides == 133 == sum(line.guides for line in overview.departments)
    for line in overview.rules:
        assert line.guides == LintReport.objects.filter(rules__contains=[line.rule.code]).count()
    one = lint_overview("500236-MZ")
    assert [line.code for line in one.departments] == ["500236-MZ"]
    assert one.departments[0] in overview.departments
    assert lint_overview("XX").score is None


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_prints_departments_and_rules() -> None:
    code, out = run()
    assert code == 0
    assert out.startswith("133 份指南，平均 ")
    assert "| 奉节县民政局 | 17 |" in out
    assert "| promise-over-statute |" in out


def test_the_page_of_findings_says_what_the_command_prints() -> None:
    _, out = run()
    assert out.strip() in (DATA.parent / "docs" / "catalogue-findings.md").read_text(encoding="utf-8")


def test_the_command_gives_json_for_programs() -> None:
    _, out = run("--json", "--department", "500236-MZ")
    rows: list[dict[str, Any]] = json.loads(out)
    assert len(rows) == 17
    assert {"code", "name", "department", "score", "findings"} == set(rows[0])
    assert {row["department"] for row in rows} == {"500236-MZ"}


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--strict",), 1), (("--strict", "warning"), 1)])
def test_the_command_fails_where_it_is_asked_to(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments)[0] == code


def test_an_unknown_department_is_refused() -> None:
    with pytest.raises(CommandError, match="没有部门"):
        run("--department", "XX")
