"""Checking a case's materials line by line (逐项核验)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from applications.models import Application, ApplicationMaterial
from halls.domain.errors import Invalid, Problem
from matters.models import Material

Check = ApplicationMaterial.Check
LONGEST_REASON = 300
STILL_FAULTY = "已经一次性告知过，不能再发；请申请人当场补上，补不上的写明理由不予受理。"
NOTICE_FIRST = "缺或错的请发出一次性告知，补齐后再受理。"
AFTER_SILENCE = "受理时限已过，不能再一次性告知或不予受理；请申请人当场补上，补不上的由系统登记为视为受理。"
_FAULTS = (Check.MISSING, Check.WRONG)


class Finding(NamedTuple):
    """What the window found about one line."""

    result: str
    reason: str = ""


def apply_checks(application: Application, findings: Mapping[int, Finding]) -> list[ApplicationMaterial]:
    """Store the findings by line number and return the whole checklist.

    Raises Invalid for an unknown line or result, and for a fault without a reason.
    """
    lines = list(application.materials.select_related("material").order_by("seq"))
    known = {line.seq: line for line in lines}
    problems = []
    for seq, finding in findings.items():
        line = known.get(seq)
        if line is None or finding.result not in Check.values:
            problems.append(Problem(f"materials.{seq}", "材料清单里没有这一项。", "请刷新页面后重新核验。"))
        elif finding.result in _FAULTS and not finding.reason.strip():
            problems.append(
                Problem(
                    f"materials.{seq}", f"「{line.material.name}」没有写明问题。", "请写清缺什么、错在哪里、怎样补。"
                )
            )
        elif len(finding.reason) > LONGEST_REASON:
            problems.append(Problem(f"materials.{seq}", f"问题不能超过 {LONGEST_REASON} 字。", "请精简。"))
        else:
            line.check_result = finding.result
            line.check_reason = finding.reason.strip()
    if problems:
        raise Invalid("materials_unclear", "材料核验还没有填完。", problems=tuple(problems))
    if findings:
        ApplicationMaterial.objects.bulk_update(lines, ["check_result", "check_reason"])
    return lines


def faulty(lines: list[ApplicationMaterial]) -> list[ApplicationMaterial]:
    return [line for line in lines if line.check_result in _FAULTS]


def require_complete(lines: list[ApplicationMaterial], *, remedy: str) -> None:
    """Raises Invalid naming every line that keeps the case from being accepted.

    `remedy`: what is left to do about a faulty line, NOTICE_FIRST unless the notice was sent or came too late.

    Complete and in legal form must be accepted, anything else must not. Source: 行政许可法 §32.
    """
    problems = [problem for line in lines if (problem := _obstacle(line, remedy)) is not None]
    if problems:
        raise Invalid(
            "materials_incomplete",
            "材料还不齐，不能受理。",
            cure=f"齐全的请逐项选「合格」。{remedy}",
            problems=tuple(problems),
        )


def _obstacle(line: ApplicationMaterial, remedy: str) -> Problem | None:
    name, field = line.material.name, f"materials.{line.seq}"
    required = line.material.necessity == Material.Necessity.REQUIRED
    if line.check_result in _FAULTS:
        return Problem(field, f"「{name}」{line.get_check_result_display()}。", remedy)
    if line.check_result == Check.UNCHECKED:
        return Problem(field, f"「{name}」还没有核验。", "请选「合格」「缺」「错」或「不需要」。")
    if line.check_result == Check.NOT_NEEDED and required:
        return Problem(field, f"「{name}」是必要材料，不能选「不需要」。", "请改选「合格」「缺」或「错」。")
    return None


def listing(lines: list[ApplicationMaterial]) -> list[dict[str, str]]:
    """The checklist as a document prints it."""
    return [
        {
            "name": line.material.name,
            "form": line.material.form,
            "declared": line.get_declared_display(),
            "result": line.get_check_result_display(),
            "reason": line.check_reason,
        }
        for line in lines
    ]
