"""Guides for everybody, the catalogue for its editors."""

from django.urls import path

from matters.views.catalogue import matter, matter_catalogue
from matters.views.guides import guide, guide_list
from matters.views.lint import matter_lint

urlpatterns = [
    path("guides/", guide_list, name="guide_list"),
    path("guides/<str:code>/", guide, name="guide"),
    path("matters/", matter_catalogue, name="matter_catalogue"),
    path("matters/lint/", matter_lint, name="matter_lint"),
    path("matters/<str:code>/", matter, name="matter"),
]
