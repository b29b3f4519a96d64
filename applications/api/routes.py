"""Addresses of the API about cases."""

from django.urls import path, re_path

from applications.api import cases, materials, records
from applications.api.progress import ProgressView
from applications.api.verbs import ENTRANCES, HandleImmediatelyView, view_of

# A number (16 digits), or the key of a draft.
CASE = r"^applications/(?P<ref>(?:[0-9]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))/"

urlpatterns = [
    path("applications/", cases.CaseListView.as_view(), name="api_cases"),
    path("applications/search/", cases.CaseSearchView.as_view(), name="api_case_search"),
    re_path(CASE + "$", cases.CaseDetailView.as_view(), name="api_case"),
    re_path(CASE + "applicant/$", cases.ApplicantView.as_view(), name="api_case_applicant"),
    re_path(CASE + "form/$", cases.FormView.as_view(), name="api_case_form"),
    re_path(CASE + "declared/$", cases.DeclarationView.as_view(), name="api_case_declared"),
    re_path(CASE + "clocks/$", records.ClocksView.as_view(), name="api_case_clocks"),
    re_path(CASE + r"clocks/(?P<clock_id>[0-9]{1,18})/$", records.ClockView.as_view(), name="api_case_clock"),
    re_path(CASE + "events/$", records.EventsView.as_view(), name="api_case_events"),
    re_path(CASE + "handle_immediately/$", HandleImmediatelyView.as_view(), name="api_case_handle_immediately"),
    re_path(CASE + "reveal/$", records.RevealView.as_view(), name="api_case_reveal"),
    re_path(CASE + "materials/$", materials.MaterialsView.as_view(), name="api_case_materials"),
    re_path(CASE + r"materials/(?P<seq>[0-9]{1,3})/files/$", materials.UploadView.as_view(), name="api_case_upload"),
    path("files/<uuid:file_id>/", materials.FileView.as_view(), name="api_file"),
    path("public/progress/", ProgressView.as_view(), name="api_progress"),
    *(
        re_path(CASE + f"verbs/{verb.value}/$", view_of(verb).as_view(), name=f"api_verb_{verb.value}")
        for verb in ENTRANCES
    ),
]
