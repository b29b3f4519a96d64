"""Addresses of the intake, of the receipt and of the files."""

from django.urls import path

from applications.views import files, intake, receipt

urlpatterns = [
    path("intake/", intake.start, name="intake"),
    path("intake/matters/", intake.matters, name="intake_matters"),
    path("intake/<uuid:key>/", intake.tasks, name="intake_tasks"),
    path("intake/<uuid:key>/applicant/", intake.applicant, name="intake_applicant"),
    path("intake/<uuid:key>/details/", intake.details, name="intake_details"),
    path("intake/<uuid:key>/materials/", intake.materials, name="intake_materials"),
    path("intake/<uuid:key>/check/", intake.check, name="intake_check"),
    path("intake/<uuid:key>/leave/", intake.leave, name="intake_leave"),
    path("cases/<str:number>/receipt/", receipt.receipt, name="receipt"),
    path("cases/<str:number>/receipt/print/", receipt.print_receipt, name="receipt_print"),
    path("files/<uuid:file_id>/", files.material_file, name="material_file"),
    path("files/<uuid:file_id>/thumb/", files.material_thumb, name="material_thumb"),
    path("files/<uuid:file_id>/remove/", files.material_file_remove, name="material_file_remove"),
    path("files/case/<uuid:key>/<int:seq>/", files.material_upload, name="material_upload"),
]
