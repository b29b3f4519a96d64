"""PDF papers of the catalogue, each set once for its content and kept until the content changes.

One at a time on this machine, in a process of its own that is stopped when it takes too long: a page that many ask for
at once costs one setting, and no web process grows by it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from halls.domain.errors import Busy, Refused

logger = logging.getLogger(__name__)
LONGEST: Final = 120  # seconds of one setting
PATIENCE: Final = 1  # seconds that somebody waits for another's: a thread of the site that waits serves nobody
RETRY: Final = 30  # seconds; a booklet is set in ten to twenty
KEPT: Final = 1000  # papers, more than a county has halls; the oldest go first
TEMPLATES: Final = Path(__file__).parent / "typesetting"


def paper(name: str, key: str, data: Callable[[], dict[str, Any]], *, home: Path = TEMPLATES) -> Path:
    """Return the PDF of the template `name` in `home` for this key, set from `data()` if nobody has asked for it yet.

    `key` must change with the content. Raises Busy (another paper is being set; try again soon), Refused
    (`paper_failed`: it cannot be set).
    """
    folder = Path(settings.DATA_DIR) / "papers"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    template = home / f"{name}.typ"
    digest = hashlib.sha256(template.read_bytes() + key.encode()).hexdigest()
    path = folder / f"{name}-{digest}.pdf"
    if path.exists():
        return path
    with _alone(folder):
        if not path.exists():
            _set(template, data(), path)
            _forget(folder)
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the one place at the machine."""
    with (folder / "lock").open("w") as lock:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise _busy() from None
                time.sleep(0.1)
        yield


def _set(template: Path, data: dict[str, Any], path: Path) -> None:
    part = path.with_suffix(".part")
    command = [sys.executable, "-m", "matters.typesetting", str(template), str(part)]
    text = json.dumps(data, ensure_ascii=False).encode()
    try:
        subprocess.run(command, input=text, cwd=settings.BASE_DIR, timeout=LONGEST, check=True, capture_output=True)  # noqa: S603 - our own module, named above
    except subprocess.TimeoutExpired:
        part.unlink(missing_ok=True)
        raise _busy() from None
    except subprocess.CalledProcessError as error:
        part.unlink(missing_ok=True)
        logger.error("paper_failed template=%s said=%s", template.name, error.stderr.decode(errors="replace")[-500:])
        raise Refused(
            "paper_failed", _("这份文件排不出来，已经记录下来。"), cure=_("请先在网页上看，并告诉县中心系统管理员。")
        ) from None
    part.replace(path)


def _forget(folder: Path) -> None:
    papers = sorted(folder.glob("*.pdf"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in papers[KEPT:]:
        old.unlink(missing_ok=True)


def _busy() -> Busy:
    return Busy(
        "papers_busy",
        _("系统正在排版别的文件，这一份还没有轮到。"),
        cure=_("请过半分钟再打开；急用的，先在网页上看。"),
        retry_after=RETRY,
    )
