"""Guides for everybody, the catalogue for its editors."""

from django.urls import path, re_path

from matters.views.bundles import bundle, bundle_list
from matters.views.catalogue import matter, matter_catalogue
from matters.views.closing import matter_close
from matters.views.draft import FORMS, draft, draft_act, draft_preview
from matters.views.draft_files import draft_files
from matters.views.draft_section import draft_section
from matters.views.drafts import draft_list, draft_new, draft_open
from matters.views.exchange import export_json, export_xlsx, matter_import
from matters.views.guides import guide, guide_list
from matters.views.hall_facts import hall_facts
from matters.views.hall_guides import guide_halls, hall_board, hall_booklet
from matters.views.history import matter_history
from matters.views.lint import matter_lint
from matters.views.local import local_matter, local_promise, local_state
from matters.views.sameness import matter_sameness
from matters.views.scenarios import draft_scenario_drop, draft_scenarios
from matters.views.self_check import self_check
from matters.views.similar import matter_pair, matter_similar
from matters.views.takeaway import guide_blank, guide_file, guide_qr_file, guide_short

urlpatterns = [
    path("guides/", guide_list, name="guide_list"),
    # Fixed words stand before a code.
    path("guides/halls/", guide_halls, name="guide_halls"),
    path("guides/<str:code>/", guide, name="guide"),
    path("guides/<str:code>/check/", self_check, name="guide_check"),
    path("bundles/", bundle_list, name="bundle_list"),
    path("bundles/<str:code>/", bundle, name="bundle"),
    path("guides/<str:code>/short/", guide_short, name="guide_short"),
    path("guides/<str:code>/qr.svg", guide_qr_file, name="guide_qr"),
    path("guides/<str:code>/files/<int:file_id>/", guide_file, name="guide_file"),
    path("guides/<str:code>/blank/<int:seq>.pdf", guide_blank, name="guide_blank"),
    path("halls/<str:code>/board/", hall_board, name="hall_board"),
    path("halls/<str:code>/booklet.pdf", hall_booklet, name="hall_booklet"),
    path("matters/", matter_catalogue, name="matter_catalogue"),
    path("matters/lint/", matter_lint, name="matter_lint"),
    path("matters/sameness/", matter_sameness, name="matter_sameness"),
    path("matters/similar/", matter_similar, name="matter_similar"),
    path("matters/similar/<str:code>/<str:other>/", matter_pair, name="matter_pair"),
    path("matters/drafts/", draft_list, name="matter_drafts"),
    path("matters/drafts/new/", draft_new, name="matter_draft_new"),
    path("matters/drafts/<int:draft_id>/", draft, name="matter_draft"),
    path("matters/drafts/<int:draft_id>/preview/", draft_preview, name="matter_draft_preview"),
    path("matters/drafts/<int:draft_id>/files/", draft_files, name="matter_draft_files"),
    path("matters/drafts/<int:draft_id>/scenarios/", draft_scenarios, name="matter_draft_scenarios"),
    path("matters/drafts/<int:draft_id>/scenarios/drop/", draft_scenario_drop, name="matter_draft_scenario_drop"),
    *(
        path(f"matters/drafts/<int:draft_id>/{act}/", draft_act, {"act": act}, name=f"matter_draft_{act}")
        for act in FORMS
    ),
    path("matters/drafts/<int:draft_id>/<slug:code>/", draft_section, name="matter_draft_section"),
    path("matters/export.json", export_json, name="matter_export_json"),
    path("matters/export.xlsx", export_xlsx, name="matter_export_xlsx"),
    path("matters/import/", matter_import, name="matter_import"),
    path("matters/<str:code>/", matter, name="matter"),
    path("matters/<str:code>/draft/", draft_open, name="matter_draft_open"),
    path("matters/<str:code>/history/", matter_history, name="matter_history"),
    re_path(
        r"^matters/(?P<code>[A-Za-z0-9._-]{1,64})/(?P<act>pause|reopen|abolish|merge|confirm|drop)/$",
        matter_close,
        name="matter_close",
    ),
    path("halls/<str:code>/facts/", hall_facts, name="hall_facts"),
    path("halls/<str:code>/matters/<str:matter_code>/", local_matter, name="local_matter"),
    path("halls/<str:code>/matters/<str:matter_code>/promise/", local_promise, name="local_promise"),
    re_path(
        r"^halls/(?P<code>[0-9]{6,12})/matters/(?P<matter_code>[A-Za-z0-9._-]{1,64})/(?P<act>pause|reopen)/$",
        local_state,
        name="local_state",
    ),
]
