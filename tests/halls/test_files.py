"""Hostile, broken and merely odd files: what is refused, and what is left of the rest."""

import io
import random
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from halls import clean_image, files
from halls.domain.errors import Invalid

EVIL = b"<script>alert(document.cookie)</script>"
PHP = b"<?php system($_GET['c']); ?>"
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"


# --- making them -----------------------------------------------------------------------------------------------------


def picture(kind: str = "JPEG", *, mode: str = "RGB", size: tuple[int, int] = (60, 40), **how: object) -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size).save(kept, kind, **how)
    return kept.getvalue()


def exif(orientation: int = 1) -> bytes:
    said = Image.Exif()
    said[0x010E] = EVIL.decode()
    said[0x0112] = orientation
    said[0x8825] = {1: "N", 2: (31.0, 1.0, 5.0), 3: "E", 4: (109.0, 27.0, 8.0)}
    return said.tobytes()


def png_with_text() -> bytes:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", EVIL.decode())
    said.add_itxt("XML:com.adobe.xmp", EVIL.decode(), zip=True)
    return picture("PNG", pnginfo=said, exif=exif())


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 50_000_000))
    whole = picture("PNG")
    return whole[:33] + bomb + whole[33:]


def two_pictures() -> bytes:
    """An MPO, as many phones write: one JPEG with a second picture behind it."""
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(kept, "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))])
    return kept.getvalue()


def animated() -> bytes:
    kept = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    frames[0].save(kept, "PNG", save_all=True, append_images=frames[1:])
    return kept.getvalue()


def pdf(body: bytes = b"", *, head: bytes = b"%PDF-1.7\n", tail: bytes = b"\n%%EOF\n") -> bytes:
    plain = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    return head + plain + body + b"\ntrailer<</Root 1 0 R>>\nstartxref\n9" + tail


def stream(inside: bytes, dictionary: bytes = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") -> bytes:
    return b"7 0 obj<<" + dictionary + b"/Length 9>>stream\n" + inside + b"\nendstream endobj\n"


def scan(seed: int) -> bytes:
    """A PDF around megabytes of compressed picture, in which any short name turns up by chance."""
    noise = random.Random(seed).randbytes(3_000_000)
    return pdf(stream(noise, b"/Subtype/Image/Filter/DCTDecode"))


SCRIPT = b"8 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"
PACKED = zlib.compress(b"8 0 " + SCRIPT)
WEBP = picture("WEBP")
GIF = picture("GIF")

# --- the table: what it is, its bytes, the name it came under, how it ends --------------------------------------------

REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str, str]] = {
    "nothing at all": (b"", "空.jpg", "file_empty"),
    "one byte": (b"\xff", "a.jpg", "file_type"),
    "over the cap by a byte": (lambda: b"\xff\xd8\xff" + b"0" * files.MAX_BYTES, "a.jpg", "file_too_large"),
    "a page called jpg": (b"<!doctype html>" + EVIL, "身份证.jpg", "file_type"),
    "a page called png": (b"\n\n<html>" + EVIL, "a.png", "file_type"),
    "a page called pdf": (b"<html>" + EVIL + b"%PDF-1.4", "a.pdf", "file_type"),
    "a drawing with script": (b'<svg xmlns="http://www.w3.org/2000/svg">' + EVIL + b"</svg>", "a.png", "file_type"),
    "a drawing with a prologue": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "a.svg", "file_type"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "a.jpg", "file_type"),
    "php": (PHP, "a.php.jpg", "file_type"),
    "a windows program": (b"MZ\x90\0" + b"\0" * 200, "合同.pdf.exe", "file_type"),
    "a linux program": (b"\x7fELF" + b"\0" * 200, "a.pdf", "file_type"),
    "a zip": (b"PK\x03\x04" + b"\0" * 200, "材料.zip", "file_type"),
    "a word file": (b"PK\x03\x04" + b"[Content_Types].xml" + b"\0" * 99, "申请书.docx", "file_type"),
    "an old word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "申请书.doc", "file_type"),
    "a gif": (GIF, "a.gif", "file_type"),
    "a gif that is a script": (b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)//;", "a.jpg", "file_type"),
    "a webp": (WEBP, "a.jpg", "file_type"),
    "a bmp": (picture("BMP"), "a.jpg", "file_type"),
    "a tiff": (picture("TIFF"), "a.jpg", "file_type"),
    "an icon": (picture("ICO"), "a.png", "file_type"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file", "a.jpg", "file_type"),
    "imagemagick's own": (b"push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'url(x)'", "a.jpg", "file_type"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "IMG_0001.HEIC", "file_type"),
    "an mp4": (b"\0\0\0\x18ftypmp42" + b"\0" * 64, "a.jpg", "file_type"),
    "only the first bytes of a jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a.jpg", "file_damaged"),
    "only the first bytes of a png": (b"\x89PNG\r\n\x1a\n", "a.png", "file_damaged"),
    "half a jpeg": (lambda: picture(size=(900, 900), quality=95)[:3000], "a.jpg", "file_damaged"),
    "half a png": (lambda: picture("PNG", size=(900, 900))[:120], "a.png", "file_damaged"),
    "a png with a broken chunk": (picture("PNG").replace(b"IDAT", b"IDAX"), "a.png", "file_damaged"),
    "a png without a size": (png_claiming(0, 0), "a.png", "file_damaged"),
    "a picture of 30,000 by 30,000": (png_claiming(30_000, 30_000), "a.png", "file_damaged"),
    "a picture of 7,000 by 6,000": (png_claiming(7_000, 6_000), "a.png", "image_too_big"),
    "a line two billion long": (png_claiming(2_147_483_647, 1), "a.png", "file_damaged"),
    "50 MB of text in a png": (png_text_bomb, "a.png", "file_damaged"),
    "a pdf cut off": (pdf()[:60], "a.pdf", "file_damaged"),
    "a pdf with a long tail": (pdf(tail=b"\n%%EOF\n" + b"PK\x03\x04" * 1000), "a.pdf", "file_damaged"),
    "a pdf with junk before it": (b"\0\0" + pdf(), "a.pdf", "file_type"),
    "a pdf with a script": (pdf(SCRIPT), "a.pdf", "pdf_active"),
    "a script behind a hash": (pdf(SCRIPT.replace(b"/JavaScript", b"/J#61v#61Script")), "a.pdf", "pdf_active"),
    "a script all in hashes": (
        pdf(SCRIPT.replace(b"JavaScript", b"".join(b"#%02x" % c for c in b"JavaScript"))), "a.pdf", "pdf_active"),
    "a script named elsewhere": (
        pdf(b"8 0 obj<</S 9 0 R/JS(x)>>endobj 9 0 obj/JavaScript endobj"), "a.pdf", "pdf_active"),
    "a script in the catalogue's names": (pdf(b"3 0 obj<</Names<</JavaScript 8 0 R>>>>endobj"), "a.pdf", "pdf_active"),
    "a script in what looks like a picture": (pdf(stream(b"xx" + SCRIPT, b"/Subtype/Image")), "a.pdf", "pdf_active"),
    "a script in packed objects": (pdf(stream(PACKED)), "a.pdf", "pdf_active"),
    "a script in packed objects without a type": (pdf(stream(PACKED, b"/Filter/FlateDecode")), "a.pdf", "pdf_active"),
    "packed objects behind a hash": (
        pdf(stream(zlib.compress(SCRIPT.replace(b"/Java", b"/J#61va")), b"/Type/Obj#53tm/Filter/FlateDecode")),
        "a.pdf", "pdf_active"),
    "objects packed in a way nobody uses": (
        pdf(stream(b"78 9c>", b"/Type/ObjStm/Filter/ASCIIHexDecode")), "a.pdf", "pdf_active"),
    "objects packed with a predictor": (
        pdf(stream(zlib.compress(b"\2abc"), b"/Type/ObjStm/Filter/FlateDecode/DecodeParms<</Predictor 12>>")),
        "a.pdf", "pdf_active"),
    "objects that never end": (
        lambda: pdf(stream(zlib.compress(b" " * 40_000_000))), "a.pdf", "pdf_too_complex"),
    "a pdf that starts a program": (pdf(b"8 0 obj<</S/Launch/F(cmd.exe)>>endobj"), "a.pdf", "pdf_active"),
    "a pdf with a file inside": (pdf(b"8 0 obj<</Type/EmbeddedFile>>endobj"), "a.pdf", "pdf_active"),
    "a pdf with attachments": (pdf(b"8 0 obj<</Names<</EmbeddedFiles 9 0 R>>>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that sends a form": (pdf(b"8 0 obj<</S/SubmitForm/F(http://x)>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that opens another": (pdf(b"8 0 obj<</S/GoToE/T<<>>>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that asks another server": (
        pdf(b"8 0 obj<</S/GoToR/F(\\\\\\\\host\\\\share)>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that opens an address": (
        pdf(b"3 0 obj<</OpenAction<</S/URI/URI(http://evil.example/)>>>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that opens an address told elsewhere": (
        pdf(b"3 0 obj<</OpenAction 8 0 R>>endobj 8 0 obj<</S/URI/URI(http://x/)>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that turns a page and then opens an address": (
        pdf(b"3 0 obj<</OpenAction<</S/GoTo/D[3 0 R]/Next<</S/URI/URI(http://x/)>>>>>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that opens an address from packed objects": (
        pdf(stream(zlib.compress(b"3 0 8 22 <</OpenAction 8 0 R>>  <</S/URI/URI(//x/)>>"))), "a.pdf", "pdf_active"),
    "a pdf whose pages open an address": (
        pdf(b"3 0 obj<</Type/Page/AA<</O<</S/URI/URI(http://x/)>>>>>>endobj"), "a.pdf", "pdf_active"),
    "a pdf that opens what is not in it": (pdf(b"3 0 obj<</OpenAction 77 0 R>>endobj"), "a.pdf", "pdf_active"),
    "a pdf with a file that is not called one": (
        pdf(b"3 0 obj<</AF[<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>]>>endobj"), "a.pdf", "pdf_active"),
    "a pdf with a file pinned on a page": (
        pdf(b"3 0 obj<</Subtype/FileAttachment/FS 5 0 R>>endobj 5 0 obj<</EF 6 0 R>>endobj"), "a.pdf", "pdf_active"),
    "a pdf with a film": (pdf(b"8 0 obj<</Subtype/RichMedia>>endobj"), "a.pdf", "pdf_active"),
    "a pdf with a rendition": (pdf(b"8 0 obj<</S/Rendition/JS(x)>>endobj"), "a.pdf", "pdf_active"),
    "a pdf form of the old kind": (pdf(b"8 0 obj<</AcroForm<</XFA [(a) 9 0 R]>>>>endobj"), "a.pdf", "pdf_active"),
    "a pdf with a password": (pdf(b"8 0 obj<<>>endobj trailer<</Encrypt 8 0 R>>"), "a.pdf", "pdf_locked"),
}  # fmt: skip

CLEANED: dict[str, tuple[bytes | Callable[[], bytes], str, str]] = {
    "a jpeg": (picture(), "身份证.jpg", JPEG),
    "a png called jpg": (picture("PNG"), "a.jpg", PNG),
    "a jpeg called pdf": (picture(), "a.pdf", JPEG),
    "a jpeg without a name": (picture(), "", JPEG),
    "a jpeg with a comment": (picture(comment=EVIL), "a.jpg", JPEG),
    "a jpeg with places": (picture(exif=exif()), "a.jpg", JPEG),
    "a jpeg with a profile": (picture(icc_profile=EVIL * 20), "a.jpg", JPEG),
    "a jpeg with a page behind": (picture() + b"<html>" + EVIL, "a.jpg", JPEG),
    "a jpeg with php behind": (picture() + PHP, "a.jpg", JPEG),
    "a jpeg with a zip behind": (picture() + b"PK\x03\x04" + EVIL, "a.jpg", JPEG),
    "a jpeg with a pdf behind": (picture() + pdf(SCRIPT), "a.jpg", JPEG),
    "a png with text": (png_with_text, "a.png", PNG),
    "a png with a page behind": (picture("PNG") + EVIL, "a.png", PNG),
    "a png with a private chunk": (picture("PNG")[:33] + chunk(b"eVil", EVIL) + picture("PNG")[33:], "a.png", PNG),
    "two pictures in one": (two_pictures, "IMG_2026.jpg", JPEG),
    "a moving png": (animated, "a.png", PNG),
    "printer's colours": (picture(mode="CMYK"), "a.jpg", JPEG),
    "grey": (picture(mode="L"), "a.jpg", JPEG),
    "black and white": (picture("PNG", mode="1"), "a.png", PNG),
    "a palette with a hole": (picture("PNG", mode="P", transparency=0), "a.png", PNG),
    "sixteen bits": (picture("PNG", mode="I;16"), "a.png", PNG),
    "a plain pdf": (pdf(), "申请书.pdf", PDF),
    "a pdf of an office suite": (pdf(b"3 0 obj<</OpenAction[3 0 R /XYZ null null 0]>>endobj"), "a.pdf", PDF),
    "a pdf with a link": (pdf(b"3 0 obj<</Subtype/Link/A<</S/URI/URI(http://x/)>>>>endobj"), "a.pdf", PDF),
    "a pdf that turns to its first page": (
        pdf(b"3 0 obj<</OpenAction 8 0 R>>endobj 8 0 obj<</S/GoTo/D[3 0 R/Fit]>>endobj"),
        "a.pdf",
        PDF,
    ),
    "a pdf that turns to a page from packed objects": (
        pdf(stream(zlib.compress(b"3 0 8 22 <</OpenAction 8 0 R>>  [3 0 R /Fit]"))),
        "a.pdf",
        PDF,
    ),
    "a pdf with a little behind": (pdf(tail=b"\n%%EOF\n<html>" + EVIL), "a.pdf", PDF),
    "a pdf with a page number": (pdf(b"8 0 obj<</JavaScriptless/JSON/XFAB/AAA>>endobj"), "a.pdf", PDF),
    "a pdf with packed words": (pdf(stream(zlib.compress(b"BT (hello) Tj ET"), b"/Filter/FlateDecode")), "a.pdf", PDF),
}


@pytest.mark.parametrize("label", REFUSED)
def test_a_hostile_file_is_refused_in_words(label: str) -> None:
    data, name, code = REFUSED[label]
    with pytest.raises(Invalid) as caught:
        files.check(data() if callable(data) else data, name)
    assert caught.value.code == code
    assert caught.value.field == "file"
    assert caught.value.message
    assert caught.value.cure


@pytest.mark.parametrize("label", CLEANED)
def test_of_a_good_file_only_the_paper_stays(label: str) -> None:
    data, name, media_type = CLEANED[label]
    checked = files.check(data() if callable(data) else data, name)
    assert checked.media_type == media_type
    assert checked.name.endswith({JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}[media_type])
    for trace in (b"<script", b"<?php", b"<html", b"PK\x03\x04", b"Exif", b"%PDF" if media_type != PDF else b"<svg"):
        assert trace not in checked.data
    if media_type != PDF:
        with Image.open(io.BytesIO(checked.data)) as left:
            assert set(left.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert getattr(left, "n_frames", 1) == 1


def test_a_photo_of_an_apple_phone_comes_with_its_own_cure() -> None:
    with pytest.raises(Invalid) as caught:
        files.check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "IMG_0001.HEIC")
    assert "兼容性最佳" in caught.value.cure


@pytest.mark.parametrize("seed", range(4))
def test_a_long_scan_is_not_taken_for_a_script_by_chance(seed: int) -> None:
    assert files.check(scan(seed), "扫描件.pdf").media_type == PDF


def test_a_photo_is_turned_upright_and_made_smaller() -> None:
    photo = picture(size=(4000, 1000), exif=exif(6))  # held on its side
    with Image.open(io.BytesIO(files.check(photo, "a.jpg").data)) as kept:
        assert kept.size == (750, 3000)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_a_camera_that_says_nonsense_about_itself_is_believed_nothing(value: int) -> None:
    with Image.open(io.BytesIO(files.check(picture(exif=exif(value)), "a.jpg").data)) as kept:
        assert kept.size == (60, 40)


def test_where_only_pictures_are_wanted_a_pdf_is_none() -> None:
    with pytest.raises(Invalid) as caught:
        files.check(pdf(), "签名.png", images_only=True)
    assert caught.value.code == "file_type"


def outcome(data: bytes, name: str) -> bytes:
    """Return what is kept of a file, or the words of its refusal; anything else raised is a fault."""
    try:
        return files.check(data, name).data
    except Invalid as refusal:
        return refusal.cure.encode()


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_to_a_picture_is_more_than_a_refusal(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([picture(exif=exif(6)), png_with_text(), two_pictures()])))
    for place in data.draw(st.lists(st.integers(2, len(whole) - 1), max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    assert EVIL not in outcome(bytes(whole[: cut or None]), "a.jpg")


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_no_bytes_in_a_pdf_are_more_than_a_refusal(noise: bytes) -> None:
    for body in (noise, stream(noise), stream(zlib.compress(noise))):
        outcome(pdf(body), "a.pdf")


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("身份证 正面.JPG", "身份证_正面.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\system32\\x.jpg", "x.jpg"),
        ("/etc/cron.d/job", "job.jpg"),
        ("C:\\fakepath\\户口簿.png", "户口簿.jpg"),
        ("a.php.jpg", "a_php.jpg"),
        ("合同.pdf.exe", "合同_pdf.jpg"),
        (".htaccess", "材料.jpg"),
        ("....", "材料.jpg"),
        ("", "材料.jpg"),
        ("   ", "材料.jpg"),
        ("a\x00.html", "a.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie_x_1.jpg"),
        ("\u202egpj.exe.jpg", "gpj_exe.jpg"),
        ("a\u2066b\u2069.jpg", "ab.jpg"),
        ("a\ufeff\u200b.jpg", "a.jpg"),
        ('"; filename="x.html', "filename_x.jpg"),
        ("<img src=x onerror=alert(1)>.png", "img_src_x_onerror_alert(1).jpg"),
        ("%2e%2e%2fpasswd", "2e_2e_2fpasswd.jpg"),
        ("户口簿（第1页）.jpg", "户口簿（第1页）.jpg"),
        ("𬱖氏.jpg", "𬱖氏.jpg"),
        ("a" * 500 + ".jpg", "a" * 80 + ".jpg"),
        ("a/b\\c/d.png", "d.jpg"),
        ("-rf.jpg", "-rf.jpg"),
    ],
)
def test_a_name_is_fit_for_people_and_headers(name: str, kept: str) -> None:
    assert files.safe_name(name, JPEG) == kept


@given(st.text(max_size=200))
def test_no_name_leads_anywhere(name: str) -> None:
    kept = files.safe_name(name, PDF)
    assert kept.endswith(".pdf")
    assert 5 <= len(kept) <= files.MAX_NAME + 4
    assert not re.search(r'[\x00-\x1f\x7f/\\<>":|?*;%\u202a-\u202e\u2066-\u2069]', kept)
    assert not kept.startswith(".")


# --- keeping them ----------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_kept_once_and_under_their_hash(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    first, second = (files.check(picture(comment=note), "x.jpg") for note in (b"a", b"b"))
    assert files.store(first) == files.store(second)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [first.sha256]
    assert kept[0].read_bytes() == first.data


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "g" * 64, "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_only_a_hash_is_a_place(digest: str) -> None:
    with pytest.raises(ValueError, match="not a hash"):
        files.path_of(digest)


def test_a_thumbnail_is_too_small_to_be_read() -> None:
    large = files.check(picture("PNG", size=(3000, 2000)), "a.png").data
    with Image.open(io.BytesIO(clean_image.thumbnail(large))) as small:
        assert max(small.size) <= clean_image.THUMBNAIL_SIDE
        assert small.format == "JPEG"
