"""A picture of a paper, drawn anew: only its pixels stay, upright, and never larger than needed."""

from __future__ import annotations

import io
import struct
from typing import Final

from PIL import Image, UnidentifiedImageError

from halls.domain.errors import Invalid

MAX_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 3000
THUMBNAIL_SIDE: Final = 128
_READ: Final = ("JPEG", "PNG")  # a phone's MPO (two pictures in one JPEG) is read as its first picture
_APPLE: Final = (b"ftypheic", b"ftypheix", b"ftypmif1")
_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow is known to raise on a damaged picture.
_DAMAGE: Final = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError, EOFError, ZeroDivisionError,
    struct.error, Image.DecompressionBombError,
)  # fmt: skip


def clean_image(data: bytes, field: str) -> tuple[bytes, str]:
    """Return the picture written anew, and its media type.

    Comments, EXIF with its places, colour profiles, text chunks, further frames and whatever was
    appended are left behind. Raises Invalid: not a JPEG or PNG, damaged, too many pixels.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_READ) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid("image_too_big", "图片像素过大。", field=field, cure="请用标准清晰度重新拍照。")
            is_png = picture.format == "PNG"
            upright = _upright(picture, LONGEST_SIDE)
            return (_written(upright, "PNG"), "image/png") if is_png else (_written(upright, "JPEG"), "image/jpeg")
    except UnidentifiedImageError:
        raise _unknown(data, field) from None
    except _DAMAGE:
        raise _damaged(field) from None


def _unknown(data: bytes, field: str) -> Invalid:
    if data.startswith(_BEGINNINGS):
        return _damaged(field)
    cure = "请上传照片或 PDF; Word 文件请先另存为 PDF。"
    if data[4:12] in _APPLE:
        cure = "这是苹果手机的 HEIC 照片：请在「设置-相机-格式」里选「兼容性最佳」后重拍，或先转成 JPG。"
    message = "这不是 JPG、PNG 图片或 PDF 文件（按内容判断，与扩展名无关）。"
    return Invalid("file_type", message, field=field, cure=cure)


def _damaged(field: str) -> Invalid:
    return Invalid("file_damaged", "图片已损坏，打不开。", field=field, cure="请重新拍照或重新导出。")


def thumbnail(data: bytes) -> bytes:
    """Return a small JPEG of a picture that `clean_image` wrote; too small to read what is on the paper."""
    with Image.open(io.BytesIO(data), formats=_READ) as picture:
        picture.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        return _written(_pixels(picture, "RGB"), "JPEG")


def _upright(picture: Image.Image, side: int) -> Image.Image:
    turn = _TURNS.get(_orientation(picture))
    picture.thumbnail((side, side))
    mode = "RGBA" if picture.format == "PNG" and picture.has_transparency_data else "RGB"
    pixels = _pixels(picture, mode)
    return pixels.transpose(turn) if turn is not None else pixels


def _orientation(picture: Image.Image) -> int:
    """Return how the camera was held; damaged EXIF says nothing."""
    try:
        held = picture.getexif().get(_ORIENTATION)
    except _DAMAGE:
        return 1
    return held if isinstance(held, int) else 1


def _pixels(picture: Image.Image, mode: str) -> Image.Image:
    """Return a picture that never had anything but pixels."""
    fresh = Image.new(mode, picture.size, "white" if mode == "RGB" else (255, 255, 255, 0))
    fresh.paste(picture.convert(mode))
    return fresh


def _written(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        picture.save(out, kind, quality=88)
    else:
        picture.save(out, kind)
    return out.getvalue()
