"""Files that people bring: checked by what they are, not by what they say they are.

Images are decoded and written anew, which drops whatever else was in them (scripts, places, tails).
On disk a file is named by its hash alone; it is only ever served through a permission view.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from halls.domain.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 3000
MAX_NAME = 80
_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png"}
# What makes a PDF more than paper. Also refused when escaped as #4a and the like: see _plain_names.
_ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/XFA")


@dataclass(frozen=True)
class Checked:
    """A file that passed: its clean bytes, true type, safe name and hash."""

    data: bytes
    media_type: str
    name: str
    sha256: str


def check(data: bytes, name: str, *, field: str = "file", images_only: bool = False) -> Checked:
    """Check and clean an uploaded file.

    Raises Invalid on `field`: empty, too large, not a JPEG, PNG or PDF by content, damaged, or a PDF
    with active content.
    """
    if not data:
        raise _refuse(field, "file_empty", "文件是空的(0 字节)。", "请重新拍照或选择文件。")
    if len(data) > MAX_BYTES:
        raise _refuse(
            field,
            "file_too_large",
            f"文件有 {len(data) / 1024 / 1024:.1f} MB, 超过 10 MB。",
            "请压缩或分开上传; 用手机拍照时选「标准」清晰度即可。",
        )
    if data.startswith(b"%PDF-") and not images_only:
        clean, media_type = _pdf(data, field), "application/pdf"
    else:
        clean, media_type = _image(data, field)
    return Checked(clean, media_type, safe_name(name, media_type), sha256(clean).hexdigest())


def _refuse(field: str, code: str, message: str, cure: str) -> Invalid:
    return Invalid(code, message, field=field, cure=cure)


def _image(data: bytes, field: str) -> tuple[bytes, str]:
    try:
        with Image.open(io.BytesIO(data), formats=list(_IMAGES)) as picture:
            kind = picture.format or ""
            if picture.width * picture.height > MAX_PIXELS:
                raise _refuse(field, "image_too_big", "图片像素过大。", "请用标准清晰度重新拍照。")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean = io.BytesIO()
            if kind == "PNG":
                upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(clean, "PNG")
            else:
                upright.convert("RGB").save(clean, "JPEG", quality=88)
    except UnidentifiedImageError:
        raise _refuse(
            field,
            "file_type",
            "这不是 JPG、PNG 图片或 PDF 文件(按内容判断, 与扩展名无关)。",
            "请上传照片或 PDF; Word 文件请先另存为 PDF。",
        ) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _refuse(field, "file_damaged", "图片已损坏, 打不开。", "请重新拍照或重新导出。") from None
    return clean.getvalue(), _IMAGES[kind]


def _pdf(data: bytes, field: str) -> bytes:
    if b"%%EOF" not in data[-2048:]:
        raise _refuse(field, "file_damaged", "PDF 文件不完整。", "请重新导出或扫描。")
    plain = _plain_names(data)
    if any(re.search(re.escape(word) + rb"(?![A-Za-z])", plain) for word in _ACTIVE):
        raise _refuse(field, "pdf_active", "PDF 里含有脚本或附件, 不能上传。", "请打印成纸质后扫描, 或另存为普通 PDF。")
    return data


def _plain_names(data: bytes) -> bytes:
    """Undo #xx escapes, with which names like /J#53 hide."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), data)


def safe_name(name: str, media_type: str) -> str:
    """A name fit for people and headers: no path, no control or direction marks, true extension."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = re.sub(r"[^\w\-()（）]+", "_", stem).strip("._ ")[:MAX_NAME] or "材料"
    extension = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}[media_type]
    return f"{stem}.{extension}"


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
