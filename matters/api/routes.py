"""Addresses of the API about the catalogue."""

from django.urls import path, re_path

from matters.api.bundles import BundleListView, BundleView, SelfCheckView
from matters.api.matters import MatterListView, MatterView

urlpatterns = [
    path("matters/", MatterListView.as_view(), name="api_matters"),
    re_path(r"^matters/(?P<code>[A-Za-z0-9._-]{1,64})/$", MatterView.as_view(), name="api_matter"),
    re_path(r"^matters/(?P<code>[A-Za-z0-9._-]{1,64})/check/$", SelfCheckView.as_view(), name="api_matter_check"),
    path("bundles/", BundleListView.as_view(), name="api_bundles"),
    re_path(r"^bundles/(?P<code>[A-Za-z0-9._-]{1,64})/$", BundleView.as_view(), name="api_bundle"),
]
