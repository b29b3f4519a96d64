"""PDF papers of the catalogue, each set once for its content and kept until the content changes.

One at a time on this machine, in a process of its own that is stopped when it takes too long: a page that many ask for
at once costs one setting, and no web process grows by it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from halls.domain.errors import Refused

LONGEST: Final = 120  # seconds of one setting
PATIENCE: Final = 25  # seconds that somebody waits for another's
KEPT: Final = 400  # papers; the oldest go first
TEMPLATES: Final = Path(__file__).parent / "typesetting"


def paper(name: str, key: str, data: Callable[[], dict[str, Any]], *, home: Path = TEMPLATES) -> Path:
    """Return the PDF of the template `name` in `home` for this key, set from `data()` if nobody has asked for it yet.

    `key` must change with the content. Raises Refused (another paper is being set and takes long; try again soon).
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
                time.sleep(0.2)
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
    part.replace(path)


def _forget(folder: Path) -> None:
    papers = sorted(folder.glob("*.pdf"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in papers[KEPT:]:
        old.unlink(missing_ok=True)


def _busy() -> Refused:
    return Refused("papers_busy", _("正在排版别的文件，请稍等。"), cure=_("请过一分钟再打开。"))
