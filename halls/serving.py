"""How uploaded bytes leave the house: shown or saved, never run. For pages and API alike."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from halls import files
from halls.domain.errors import NotFound

# Even if a browser took the bytes for a page, nothing in them could run, load or lead anywhere.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def stored(digest: str) -> bytes:
    """Return what was stored under this hash. Raises NotFound when the disk lost it."""
    try:
        return files.path_of(digest).read_bytes()
    except FileNotFoundError:
        raise NotFound("文件在磁盘上丢失了，请联系系统管理员从备份恢复。") from None


def served(data: bytes, media_type: str, name: str, *, as_download: bool = False) -> HttpResponse:
    """Return the answer that carries them: a picture is shown, anything else, or all on request, is saved."""
    is_saved = as_download or not media_type.startswith("image/")
    disposition = content_disposition_header(is_saved, name) or "attachment"
    return HttpResponse(data, content_type=media_type, headers={**HEADERS, "Content-Disposition": disposition})
