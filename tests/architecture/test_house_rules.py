"""The rules of the house that a linter cannot hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from applications.actions import _move
from applications.domain.lifecycle import BY_VERB, Verb
from applications.domain.paper_titles import PAPER_TITLES
from applications.forms.verbs import FORMS
from applications.selectors.papers import _LAYOUTS
from halls.models import AppendOnly

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("config", "halls", "matters", "applications", "supervision", "bench", "torture")
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def sources(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*sources(*ROOMS), ROOT / "start.py"], ids=name)
def test_a_file_does_one_job_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("folder", ["core", "common", "utils", "helpers", "misc"])
def test_there_is_no_drawer(folder: str) -> None:
    found = [p for room in ROOMS for p in (ROOT / room).rglob(f"{folder}*") if p.suffix in ("", ".py")]
    assert found == []


def test_only_the_frame_of_the_verbs_moves_a_status() -> None:
    guilty = [name(p) for p in sources("applications", "supervision") if moves_a_status(p.read_text(encoding="utf-8"))]
    assert guilty == ["applications/actions/_move.py"]


@pytest.mark.parametrize(
    "text",
    [
        "application.status = Status.ACCEPTED",
        "walk.case.status = row.target",
        "a, case.status = 1, 'granted'",
        "case.status: str = x",
        "Application.objects.filter(pk=1).update(status=Status.READY)",
        "rows.update(version=2, **{'status': x})",
        "Application.objects.bulk_update(cases, ['seat_path', 'status'])",
        "Application.objects.create(matter=matter, status=Status.READY)",
        "Application(status='ready')",
        "setattr(case, 'status', x)",
        "cursor.execute('UPDATE applications_application SET late_at = now(), status = %s')",
    ],
)
def test_every_way_to_move_a_status_is_seen(text: str) -> None:
    assert moves_a_status(text)


@pytest.mark.parametrize(
    "text",
    [
        "rows.filter(status=Status.DRAFT)",
        "render(request, template, context, status=422)",
        "status = Status(case.status)",
        "case.status == Status.DRAFT",
        "class Row:\n    status = ChoiceField()",
    ],
)
def test_reading_a_status_is_nobodys_guilt(text: str) -> None:
    assert not moves_a_status(text)


WRITERS = {"update", "create", "get_or_create", "update_or_create", "bulk_update", "setattr", "Application"}
WRITTEN_IN_SQL = re.compile(r"(?i)update\s+applications_application\b.*\bset\b.*\bstatus\s*=", re.S)


def moves_a_status(text: str) -> bool:
    """Whether source code writes the status of a case: an attribute, a query or a statement."""
    return any(_writes_status(node) for node in ast.walk(ast.parse(text)))


def _writes_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "status" and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(WRITTEN_IN_SQL.search(node.value))
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = {word.arg for word in node.keywords} | {
            part.value for argument in _arguments(node) for part in ast.walk(argument) if isinstance(part, ast.Constant)
        }
        return called in WRITERS and "status" in named
    return False


def _arguments(call: ast.Call) -> list[ast.expr]:
    """What a call is given, unpacked mappings included, but not the values of its keywords."""
    return [*call.args, *(word.value for word in call.keywords if word.arg in (None, "defaults", "fields"))]


def test_only_one_module_knows_guardian() -> None:
    guilty = [name(p) for p in sources(*ROOMS) if re.search(r"^\s*(from|import) guardian", p.read_text(), re.M)]
    assert guilty == ["halls/scopes.py"]


def test_the_domain_never_reads_a_clock() -> None:
    clock = re.compile(r"\.now\(|\.today\(|timezone\.local|time\.time\(|perf_counter")
    domains = [p for p in sources("halls", "matters", "applications", "supervision") if "domain" in p.parts]
    assert [name(p) for p in domains if clock.search(p.read_text())] == []
    assert len(domains) > 10


def test_actions_and_models_know_no_requests() -> None:
    web = re.compile(r"^\s*(from|import) (django\.(http|shortcuts|contrib\.messages)|rest_framework)", re.M)
    rooms = [
        p for p in sources("halls", "matters", "applications", "supervision") if {"actions", "models"} & {*p.parts}
    ]
    assert [name(p) for p in rooms if web.search(p.read_text())] == []


def test_every_verb_has_its_file_its_form_and_its_paper() -> None:
    by_time = {row.verb for row in BY_VERB.values() if row.by_system}
    pages = set(BY_VERB) - by_time - {Verb.SUBMIT}  # submitted by the intake
    assert set(FORMS) == pages
    files = {p.stem for p in (ROOT / "applications" / "actions").glob("*.py")} | {"take_over"}
    assert {verb.value for verb in BY_VERB} <= files
    papers = {row.document for row in BY_VERB.values() if row.document}
    assert papers == set(PAPER_TITLES) == set(_LAYOUTS) == set(_move.DOCUMENT_SIGNS)


def test_append_only_tables_are_those_the_books_need() -> None:
    marked = {m._meta.label for m in apps.get_models() if issubclass(m, AppendOnly)}
    assert marked == {
        "applications.Event",
        "applications.ClockFact",
        "applications.Document",
        "applications.AccessRecord",
        "applications.RatingTicket",
        "applications.CardRule",
        "matters.HallPromise",
        "matters.MattersApart",
        "matters.SamenessReport",
        "supervision.Anchor",
        "supervision.Callback",
        "supervision.CallbackCall",
        "supervision.CallbackDraw",
        "supervision.AccountAct",
        "supervision.EvidenceDownload",
        "supervision.CardReview",
        "supervision.Accountability",
        "supervision.LimitWarning",
        "supervision.MonthAdjustment",
        "supervision.PrintedCorrection",
        "supervision.MonthClose",
        "supervision.OrderAct",
        "supervision.OrderFile",
        "supervision.ProofRun",
        "supervision.RatingAct",
        "supervision.TermFact",
        "supervision.TermWarning",
        "supervision.Urge",
        "supervision.UrgeAnswer",
        "supervision.VoiceAct",
        "supervision.VoicePhoto",
        "supervision.RatingScan",
        "supervision.Screen",
        "supervision.ScreenEnd",
    }


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine, no host of a package index."""
    places = re.compile(r"/(work|root)/[a-z]|pypi\.org|npmjs|pythonhosted")
    kept = {".md", ".py", ".html", ".js", ".css", ".toml", ".txt", ".json"}
    tracked = [p for room in (*ROOMS, "docs", "templates", "static", "tests") for p in (ROOT / room).rglob("*")]
    tracked += [p for p in ROOT.iterdir() if p.is_file()]
    guilty = [
        name(p)
        for p in tracked
        if p.suffix in kept and p != Path(__file__) and places.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert guilty == []
