"""Chinese sentences have Chinese punctuation: in what the code says, in the templates and in the scripts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("applications", "config", "halls", "matters", "supervision")
CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u201c\u201d\u2019]"
HALF_WIDTH = re.compile(
    rf"(?<={CHINESE})[,;:?!(]|[,;:?!]\s*(?={CHINESE})|(?<={CHINESE})\)|\)(?={CHINESE})|(?<={CHINESE})\.(?=\s|$)"
)
COMMENT = re.compile(r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", re.DOTALL)
# No sentence: what is written into an address or a diagram, a strip of signs, or a pattern in parts.
NO_SENTENCE = (
    "postgres://",
    "v1:密钥",
    "-->",
    "，。；, ;",
    " ，,。",
    "$|",
    r"\d{",
    r"\s",
    "[",
    "(?:",
    ")+",
    "|会议|",
    "(?P<",
)
# Words that data and stored choices spell so (data/departments.json, data/matters.json, labels of 0001_initial).
NAMES = re.compile(
    r"\(片区所\)|乡镇\(街道\)|村\(社区\)|村\(居\)委会|乡镇人民政府\(街道办事处\)|居民身份证\(居住证\)|承诺时限\(工作日\)"
    r"|复印件\(核验原件\)|二\([一二三四]\)\d*(?:\(\d\))?|^\(\d\)"
)


def _said(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module with their lines: no comment, no docstring, no pattern."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def _faults(text: str) -> list[str]:
    if any(sign in text for sign in NO_SENTENCE):
        return []
    plain = NAMES.sub("名", text)
    return [plain[max(0, one.start() - 12) : one.end() + 12] for one in HALF_WIDTH.finditer(plain)]


@pytest.mark.parametrize("room", ROOMS)
def test_what_the_code_says_has_chinese_punctuation(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {fault}"
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
        for line, text in _said(path)
        for fault in _faults(text)
    ]
    assert not found, "\n".join(found)


def test_templates_and_scripts_have_chinese_punctuation() -> None:
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(ROOT)} {text[m.start() - 12 : m.end() + 12]}" for m in HALF_WIDTH.finditer(text)]
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        lines = [line.partition("//")[0] for line in path.read_text(encoding="utf-8").split("\n")]
        found += [f"{path.relative_to(ROOT)}:{n} {line}" for n, line in enumerate(lines, 1) if HALF_WIDTH.search(line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    ["材料还不齐, 不能受理。", "请核对号码; 没有电话可以留空。", "单位名称(2 到 64 个字)", "有 3 MB, 超过", "好."],
)
def test_a_half_width_sign_is_seen(text: str) -> None:
    assert _faults(text)
