"""Install who is told at which rung: the one way in which the ladder changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from halls.domain.errors import Invalid, Problem
from supervision.models import LadderStep

KEYS = {"clock", "level", "audience", "delay_days"}
LONGEST_DELAY = 60
StepKey = tuple[str, str, str]


class LoadedLadder(NamedTuple):
    """What became of the steps."""

    added: int
    changed: int
    removed: int
    unchanged: int


@transaction.atomic
def load_ladder(content: Any) -> LoadedLadder:
    """Make the steps of this file hold, all or none; the same file again changes nothing.

    A step that the file no longer names is gone: who was told stands in the messages. Raises Invalid with every
    faulty step.
    """
    wanted = _read(content)
    held = {_key(step): step for step in LadderStep.objects.select_for_update()}
    new = [step for key, step in wanted.items() if key not in held]
    changed = [held[key] for key, step in wanted.items() if key in held and held[key].delay_days != step.delay_days]
    for step in changed:
        step.delay_days = wanted[_key(step)].delay_days
    gone = [step.pk for key, step in held.items() if key not in wanted]
    LadderStep.objects.filter(pk__in=gone).delete()
    LadderStep.objects.bulk_create(new)
    LadderStep.objects.bulk_update(changed, ["delay_days"])
    return LoadedLadder(len(new), len(changed), len(gone), len(wanted) - len(new) - len(changed))


def _key(step: LadderStep) -> StepKey:
    return step.clock_kind, step.level, step.audience


def _read(content: Any) -> dict[StepKey, LadderStep]:
    problems: list[Problem] = []
    steps: dict[StepKey, LadderStep] = {}
    for number, entry in enumerate(_entries(content), start=1):
        step, faults = _step(entry)
        if step is not None and steps.setdefault(_key(step), step) is not step:
            faults = ["与前面的一条重复（同一时限、级别和对象）。"]
        problems += [Problem(f"steps.{number}", fault, "请对照 data/ladder.json 改正。") for fault in faults]
    if problems:
        raise Invalid("ladder_faulty", "提醒层级没有导入，内容有错误：", problems=tuple(problems))
    return steps


def _entries(content: Any) -> Iterable[Any]:
    if not isinstance(content, dict) or not isinstance(content.get("steps"), list) or not content["steps"]:
        cure = '文件应为 {"steps": [{"level": "warning", "audience": "handler"}]}。'
        raise Invalid("ladder_shape", "提醒层级文件的格式不对。", field="steps", cure=cure)
    entries: list[Any] = content["steps"]
    return entries


def _step(entry: Any) -> tuple[LadderStep | None, list[str]]:
    if not isinstance(entry, Mapping) or (unknown := entry.keys() - KEYS):
        return None, [f"不认识的内容：{'、'.join(sorted(unknown)) if isinstance(entry, Mapping) else entry}。"]
    step = LadderStep(**{("clock_kind" if name == "clock" else name): value for name, value in entry.items()})
    try:
        step.clean_fields()
    except ValidationError as error:
        return None, [f"{name}：{'；'.join(map(str, texts))}" for name, texts in error.message_dict.items()]
    if step.delay_days > LONGEST_DELAY:
        return None, [f"delay_days：不能超过 {LONGEST_DELAY} 个工作日。"]
    return step, []
