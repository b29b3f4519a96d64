"""Guides for everybody, the catalogue for its editors."""

from django.urls import path, re_path

from matters.views.bundles import bundle, bundle_list
from matters.views.catalogue import matter, matter_catalogue
from matters.views.guides import guide, guide_list
from matters.views.hall_guides import guide_halls, hall_board, hall_booklet
from matters.views.lint import matter_lint
from matters.views.local import local_matter, local_state
from matters.views.self_check import self_check
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
    path("matters/<str:code>/", matter, name="matter"),
    path("halls/<str:code>/matters/<str:matter_code>/", local_matter, name="local_matter"),
    re_path(
        r"^halls/(?P<code>[0-9]{6,12})/matters/(?P<matter_code>[A-Za-z0-9._-]{1,64})/(?P<act>pause|reopen)/$",
        local_state,
        name="local_state",
    ),
]
