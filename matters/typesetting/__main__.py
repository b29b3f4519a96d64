"""Set one paper in a process of its own: `python -m matters.typesetting booklet.typ out.pdf < data.json`.

Its memory (some 200 MB) ends with it, and it can be stopped. It needs nothing of Django. The data are read as JSON and
never run as a program of the typesetter.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

SYSTEM_FONTS = Path("/usr/share/fonts")


def main(template: str, out: str) -> None:
    fonts = [pylopdf_fonts_zh_cn.serif_path().parent]
    if SYSTEM_FONTS.is_dir():
        fonts.append(SYSTEM_FONTS)
    typst.compile(  # type: ignore[misc]
        template,
        output=out,
        root=str(Path(template).parent),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": sys.stdin.read()},
        timestamp=int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()),  # the same content, the same bytes
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
