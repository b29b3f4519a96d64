"""National codes: the published examples pass, one wrong sign does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.codes import basic_faults, credit_check_sign, is_credit_code, task_faults, variant_faults

CREDIT_CODES = (
    "91310230MA1K314J7C", "91310230MA1K314K57", "91350100M000100Y43", "11370800MB28559184", "11440100007482575H",
    "11370883MB2857374H",
)  # fmt: skip
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# 实施编码 as published: the organ's credit code, the level, the basic code.
TASKS = (
    ("11370800MB28559184", "3", "370118009004"), ("11440100007482575H", "3", "440118009000"),
    ("11370883MB2857374H", "4", "370114011007"),
)  # fmt: skip


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_a_published_credit_code_has_a_right_check_sign(code: str) -> None:
    assert is_credit_code(code)
    assert credit_check_sign(code[:-1]) == code[-1]


@given(st.sampled_from(CREDIT_CODES), st.integers(0, 17), st.sampled_from(SIGNS))
def test_any_one_wrong_sign_is_found(code: str, place: int, sign: str) -> None:
    changed = code[:place] + sign + code[place + 1 :]
    assert is_credit_code(changed) == (changed == code)


@given(st.text(max_size=24))
def test_any_text_is_judged(text: str) -> None:
    is_credit_code(text)
    basic_faults(text, "行政许可")
    task_faults(text, level="county", basic=text)
    variant_faults(text, task=text)


@pytest.mark.parametrize("parts", TASKS)
def test_a_published_task_code_passes(parts: tuple[str, str, str]) -> None:
    credit, level, basic = parts
    code = credit + level + basic
    ours = "county" if level == "4" else ""  # of a city: the county has no such matter
    assert basic_faults(basic, "行政许可") == ()
    assert task_faults(code, level=ours, basic=basic) == ()
    assert variant_faults(f"{code}01", task=code) == ()


@pytest.mark.parametrize(("level", "digit"), [("county", "4"), ("township", "5"), ("village", "6")])
def test_the_level_sign_is_that_of_the_decision(level: str, digit: str) -> None:
    credit, _, basic = TASKS[0]
    assert task_faults(credit + digit + basic, level=level, basic=basic) == ()
    assert "第 19 位" in task_faults(credit + "3" + basic, level=level, basic=basic)[0]


def test_what_is_wrong_is_said() -> None:
    credit, level, basic = TASKS[2]
    task = credit + level + basic
    assert basic_faults("37011401100", "行政许可") == ("基本编码应为 12 位，现在是 11 位。",)
    assert basic_faults("3701140110-7", "行政许可")[0].startswith("基本编码前 4 位")
    assert basic_faults(basic, "公共服务") == ("基本编码第 3、4 位是 01，公共服务应为 20。",)
    assert task_faults(task[:-1], level="county", basic=basic) == ("实施编码应为 31 位，现在是 30 位。",)
    assert task_faults(task.lower(), level="county", basic=basic)[0].startswith("实施编码应为数字")
    assert "统一社会信用代码" in task_faults("2" + task[1:], level="county", basic=basic)[0]
    assert "不一致" in task_faults(task, level="county", basic="370114011008")[0]
    assert variant_faults(task, task=task) == ("业务办理项编码应为 33 位，现在是 31 位。",)
    assert variant_faults(f"{task}A1", task=task) == ("业务办理项编码最后两位是 A1，应为数字序号。",)
    assert "不一致" in variant_faults(f"2{task[1:]}01", task=task)[0]
