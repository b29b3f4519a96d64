"""Files that people bring: checked by what they are, not by what they say they are.

Images are decoded and written anew, which drops whatever else was in them (scripts, places, tails).
On disk a file is named by its hash alone; it is only ever served through a permission view.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from halls.clean_image import clean_image
from halls.clean_office import DOCX, XLSX, clean_office
from halls.clean_pdf import clean_pdf
from halls.domain.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 80
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", DOCX: "docx", XLSX: "xlsx"}


@dataclass(frozen=True)
class Checked:
    """A file that passed: its clean bytes, true type, safe name and hash."""

    data: bytes
    media_type: str
    name: str
    sha256: str

    @property
    def facts(self) -> dict[str, Any]:
        """What a row keeps of it beside the bytes."""
        return {"name": self.name, "media_type": self.media_type, "size": len(self.data), "sha256": self.sha256}


def check(data: bytes, name: str, *, field: str = "file", images_only: bool = False) -> Checked:
    """Check and clean an uploaded file.

    Raises Invalid on `field`: empty, too large, not a JPEG, PNG or PDF by content, damaged, or a PDF
    with active content or a lock.
    """
    if not data:
        raise Invalid("file_empty", "文件是空的（0 字节）。", field=field, cure="请重新拍照或选择文件。")
    if len(data) > MAX_BYTES:
        raise refuse_size(len(data), field)
    if data.startswith(b"%PDF-") and not images_only:
        clean, media_type = clean_pdf(data, field), "application/pdf"
    else:
        clean, media_type = clean_image(data, field)
    return Checked(clean, media_type, safe_name(name, media_type), sha256(clean).hexdigest())


def check_form(data: bytes, name: str, *, field: str = "file") -> Checked:
    """Check a blank form or a sample that an office publishes: what `check` takes, and Word and Excel without macros.

    Raises Invalid as `check` does.
    """
    if not data.startswith(b"PK\x03\x04"):
        try:
            return check(data, name, field=field)
        except Invalid as refusal:
            if refusal.code != "file_type":
                raise
            message = "这不是 PDF、Word（docx）、Excel（xlsx）、JPG 或 PNG 文件（按内容判断，与扩展名无关）。"
            cure = "旧版的 doc、xls、wps 请先另存为 docx、xlsx 或 PDF。"
            raise Invalid("file_type", message, field=field, cure=cure) from None
    if len(data) > MAX_BYTES:
        raise refuse_size(len(data), field)
    clean, media_type = clean_office(data, field)
    return Checked(clean, media_type, safe_name(name, media_type), sha256(clean).hexdigest())


def refuse_size(size: int, field: str = "file") -> Invalid:
    """Return the refusal of a file of this size; a caller need not read it to say so."""
    return Invalid(
        "file_too_large",
        f"文件有 {size / 1024 / 1024:.1f} MB，超过 10 MB。",
        field=field,
        cure="请压缩或分开上传；用手机拍照时选「标准」清晰度即可。",
    )


def safe_name(name: str, media_type: str) -> str:
    """A name fit for people and headers: no path, no control or direction marks, true extension."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = re.sub(r"[^\w\-()（）]+", "_", stem).strip("._ ")[:MAX_NAME] or "材料"
    return f"{stem}.{EXTENSIONS[media_type]}"


def store(checked: Checked) -> Path:
    """Write the bytes under their hash; the same bytes are written once. Survives a crash."""
    path = path_of(checked.sha256)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as handle:
        handle.write(checked.data)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)
    return path


def path_of(digest: str) -> Path:
    """Where the bytes of this hash lie. Raises ValueError for anything that is not a hash."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError("not a hash")
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest
