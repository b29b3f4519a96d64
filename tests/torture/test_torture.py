"""The kill test at small size, with real processes: `python3 start.py torture` is the same at full size."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import supervision.actions.sweep  # noqa: F401 - looked up by name below
from torture.desk_work import Clerk
from torture.sabotage import BREAKS

ROOT = Path(__file__).resolve().parent.parent.parent


def torture(home: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "torture", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(home)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    told = done.stdout[done.stdout.find("{") :]
    assert told, done.stderr[-2000:]
    return done.returncode, json.loads(told)


@pytest.mark.slow
def test_killed_flushed_and_stopped_the_watch_loses_nothing_and_doubles_nothing(tmp_path):
    sizes = ("--thresholds", "120", "--kills", "7", "--sweepers", "2", "--seconds", "12", "--transitions", "40")
    code, report = torture(tmp_path, *sizes)
    assert {name: count for name, count in report["faults"].items() if count} == {}
    assert code == 0
    assert report["planned"] >= 120
    assert report["warnings"] >= report["expected"] > 0
    assert report["transitions"]["acknowledged"] >= 40
    assert report["events of people"] >= 40
    assert report["late"] > 0
    kills = report["kills"]
    assert sum(kills.values()) == 10
    assert kills["clerk"] == 2
    assert kills["postgres stop"] == kills["redis stop"] == kills["redis flush"] == 1


@pytest.mark.slow
@pytest.mark.parametrize(("defect", "fault"), [("too-early", "early"), ("armed-anew", "doubled")])
def test_the_test_finds_a_defect_that_was_planted(tmp_path, defect, fault):
    sizes = ("--thresholds", "60", "--kills", "1", "--sweepers", "1", "--seconds", "3", "--transitions", "0")
    code, report = torture(tmp_path, *sizes, "--break", defect)
    assert code == 1
    assert report["faults"][fault] > 0


@pytest.mark.slow
def test_an_answer_before_the_commit_is_found(tmp_path):
    sizes = ("--thresholds", "120", "--kills", "7", "--sweepers", "1", "--seconds", "8", "--transitions", "10")
    code, report = torture(tmp_path, *sizes, "--break", "early-answer")
    assert code == 1
    assert report["faults"]["transition lost"] > 0


def test_every_plant_can_be_planted(monkeypatch):
    """A plant that no longer fits the claim's own words would leave the real sweep under test, and find nothing."""
    from supervision.actions import _claim
    from torture.sabotage import plant

    for name in BREAKS:
        with monkeypatch.context() as patch:
            patch.setattr(_claim, "_CLAIM", _claim._CLAIM)
            patch.setattr("supervision.actions.sweep.claim_batch", sweeping())
            patch.setattr(Clerk, "answering", Clerk.answering)
            before = (_claim._CLAIM, sweeping(), Clerk.answering)
            plant(name)
            assert (_claim._CLAIM, sweeping(), Clerk.answering) != before, name


def sweeping():
    return vars(sys.modules["supervision.actions.sweep"])["claim_batch"]
