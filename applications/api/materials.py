"""The checklist of a case and its files."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions.attach import attach, detach
from applications.actions.open_file import open_file, visible_file
from applications.api.base import CaseView
from applications.api.bodies import UploadBody
from applications.api.shapes import FileSerializer, MaterialSerializer
from applications.models import ApplicationMaterial, MaterialFile
from halls.api.base import StaffView
from halls.api.parsers import UploadParser
from halls.serving import served, stored


class MaterialsView(CaseView):
    @extend_schema(operation_id="applications_materials", responses=MaterialSerializer(many=True), tags=["materials"])
    def get(self, request: Request, ref: str) -> Response:
        kept = MaterialFile.objects.filter(removed_at__isnull=True).order_by("uploaded_at")
        lines = (
            ApplicationMaterial.objects.filter(application=self.key(ref))
            .select_related("material")
            .prefetch_related(Prefetch("files", kept, to_attr="kept_files"))
            .order_by("seq")
        )
        return Response(MaterialSerializer(lines, many=True).data)


class UploadView(CaseView):
    parser_classes = (UploadParser,)

    @extend_schema(
        operation_id="applications_upload",
        request={"multipart/form-data": UploadBody},
        responses={201: FileSerializer},
        tags=["materials"],
    )
    def post(self, request: Request, ref: str, seq: str) -> Response:
        """Bring a file for a checklist line: a JPEG or PNG picture or a PDF, judged by its content."""
        body = self.versioned(UploadBody)
        kept = attach(
            self.key(ref),
            int(seq),
            data=body["file"].read(),
            name=body["file"].name or "",
            actor=self.actor,
            version=body.get("version"),
        )
        return Response(FileSerializer(kept).data, 201)


class FileView(StaffView):
    @extend_schema(operation_id="files_open", responses={(200, "*/*"): OpenApiTypes.BINARY}, tags=["materials"])
    def get(self, request: Request, file_id: uuid.UUID) -> HttpResponse:
        """The file, always as a download. Opening it is recorded."""
        kept = open_file(file_id, actor=self.actor)
        return served(stored(kept.sha256), kept.media_type, kept.name, as_download=True)

    @extend_schema(operation_id="files_remove", responses={204: None}, tags=["materials"])
    def delete(self, request: Request, file_id: uuid.UUID) -> Response:
        """Take a file away while the case is not accepted yet."""
        kept = visible_file(file_id, actor=self.actor)
        detach(kept.line.application_id, kept.pk, actor=self.actor)
        return Response(status=204)
