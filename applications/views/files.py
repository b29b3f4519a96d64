"""Files of a case: bring, open, take away. Nothing that was uploaded has an address of its own."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from applications.actions.attach import attach, detach
from applications.actions.open_file import file_at_work, open_file, visible_file
from applications.forms.intake import Upload
from applications.selectors.intake import case_by_key
from halls.acting import acting_user
from halls.clean_image import thumbnail
from halls.domain.errors import Invalid, NotFound
from halls.redirects import safe_path
from halls.serving import served, stored


@login_required
@require_GET
def material_file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """The file itself; a picture is shown, a PDF is saved. The opening is recorded."""
    kept = open_file(file_id, actor=acting_user(request.user))
    return served(stored(kept.sha256), kept.media_type, kept.name)


@login_required
@require_GET
def material_thumb(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """A small picture for lists; nothing on it can be read, so that looking at a list is no opening."""
    kept = file_at_work(file_id, actor=acting_user(request.user))
    if not kept.media_type.startswith("image/"):
        raise NotFound
    return served(thumbnail(stored(kept.sha256)), "image/jpeg", kept.name)


@login_required
@require_POST
def material_upload(request: HttpRequest, key: uuid.UUID, seq: int) -> HttpResponse:
    """Bring files for one line of a case that is not accepted yet (补正). Answers with what was not kept."""
    actor = acting_user(request.user)
    case = case_by_key(actor, key)
    kept = 0
    for file in request.FILES.getlist("file"):
        try:
            attach(case.pk, seq, data=Upload(seq, file).read(), name=file.name or "", actor=actor)
        except Invalid as refusal:
            messages.error(request, f"{refusal.message}{refusal.cure}")
        else:
            kept += 1
    if kept:
        messages.success(request, _("已收下 %(n)d 个文件。") % {"n": kept})
    elif not request.FILES:
        messages.error(request, _("没有选文件。请先拍照或选文件，再点上传。"))
    return redirect(safe_path(request))


@login_required
@require_POST
def material_file_remove(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Take a file away from its line."""
    actor = acting_user(request.user)
    kept = visible_file(file_id, actor=actor)
    detach(kept.line.application_id, kept.pk, actor=actor)
    messages.success(request, _("已移除「%(name)s」。") % {"name": kept.name})
    return redirect(safe_path(request))
