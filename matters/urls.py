"""Guides for everybody, the catalogue for its editors."""

from django.urls import path, re_path

from matters.views.bundles import bundle, bundle_list
from matters.views.catalogue import matter, matter_catalogue
from matters.views.guides import guide, guide_list
from matters.views.lint import matter_lint
from matters.views.local import local_matter, local_state
from matters.views.self_check import self_check

urlpatterns = [
    path("guides/", guide_list, name="guide_list"),
    path("guides/<str:code>/", guide, name="guide"),
    path("guides/<str:code>/check/", self_check, name="guide_check"),
    path("bundles/", bundle_list, name="bundle_list"),
    path("bundles/<str:code>/", bundle, name="bundle"),
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
