"""The rules that keep the front end small, safe and readable; no browser needed."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_a_template_has_no_inline_style_script_or_handler(path: Path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), "use a class: the content security policy refuses style attributes"
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text, flags=re.DOTALL)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "use a data-attribute and a file in static/js"


def test_the_style_sheets_are_light():
    assert sum(len(gzip.compress(path.read_bytes())) for path in SHEETS) <= 25_000


WATCHED = [path for path in TEMPLATES if "supervision" in path.parts]
# Its heading on a phone, or what needs none: the title of the card, a light, a tag, a button.
SPEAKS = re.compile(r'on-card|c-matter|light\.html|class="light"|status_tag\.html|class="tag"|<form|class="btn')


@pytest.mark.parametrize("path", [path for path in WATCHED if 'class="table cards' in path.read_text()], ids=names)
def test_a_cell_of_a_table_that_is_cards_on_a_phone_says_what_it_is(path: Path):
    for table in re.findall(r'<table class="table cards.*?</table>', path.read_text(encoding="utf-8"), re.DOTALL):
        cells = re.split(r"(?=<t[dh] )|</tr>", table.split("<tbody", 1)[1])
        assert [cell for cell in cells if cell.startswith("<td") and not SPEAKS.search(cell)] == []


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=names)
def test_a_file_stays_short(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < (150 if path.suffix == ".js" else 400)


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name == "base.css"], ids=names)
def test_there_are_no_shadows_or_gradients_on_paper(path: Path):
    assert "gradient" not in path.read_text(encoding="utf-8")


def test_every_behaviour_is_known_to_the_loader():
    loader = (ROOT / "static" / "js" / "behaviours.js").read_text(encoding="utf-8")
    included = (ROOT / "templates" / "components" / "_scripts.html").read_text(encoding="utf-8")
    for path in SCRIPTS:
        if path.name == "behaviours.js":
            continue
        name = re.search(r'halls\.behaviour\("(\w+)"', path.read_text(encoding="utf-8"))
        assert name, f"{path.name} registers nothing"
        assert f"{name[1]}:" in loader
        assert f"js/{path.name}" in included
