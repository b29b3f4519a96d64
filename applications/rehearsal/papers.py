"""Pictures as a phone takes them at a counter: sheets with lines, cards, a signature. Drawn, not photographed."""

from __future__ import annotations

import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw

SHEETS = 8
PAPER, INK, SEAL = (247, 245, 238), (60, 62, 70), (190, 40, 40)


@cache
def sheet(number: int) -> bytes:
    """Return the JPEG of a written sheet; there are SHEETS different ones, so that a disk holds few files."""
    random = Random(f"sheet {number}")  # noqa: S311 - a picture
    picture = Image.new("RGB", (480, 660), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((150, 40, 330, 58), fill=INK)
    for line in range(14 + number):
        top = 90 + line * 24
        draw.rectangle((50, top, 50 + random.randrange(180, 380), top + 8), fill=(110, 112, 120))
    if number % 2:
        draw.ellipse((330, 520, 430, 620), outline=SEAL, width=5)
        draw.regular_polygon((380, 570, 24), 5, fill=SEAL)
    else:
        draw.rounded_rectangle((60, 470, 300, 620), 12, outline=INK, width=3)
        draw.rectangle((215, 500, 280, 585), fill=(200, 205, 215))
    return _bytes(picture, "JPEG")


@cache
def signature(number: int) -> bytes:
    """Return the PNG of a signature; there are a dozen."""
    random = Random(f"signature {number}")  # noqa: S311 - a picture
    picture = Image.new("RGB", (240, 90), "white")
    draw = ImageDraw.Draw(picture)
    for stroke in range(3):
        left = 20 + stroke * 70
        points = [(left + step * 12, random.randrange(15, 75)) for step in range(6)]
        draw.line(points, fill=(20, 24, 40), width=4, joint="curve")
    return _bytes(picture, "PNG")


def _bytes(picture: Image.Image, kind: str) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, kind)
    return kept.getvalue()
