"""Addresses of the API about the catalogue."""

from django.urls import path, re_path

from matters.api.acts import (
    AbolishView,
    ClosingView,
    ConfirmClosingView,
    DropClosingView,
    MergeView,
    PauseView,
    ReopenView,
)
from matters.api.bundles import BundleListView, BundleView, SelfCheckView
from matters.api.drafts import ApproveView, CheckView, DraftListView, DraftView, DropView
from matters.api.matters import MatterListView, MatterView
from matters.api.sameness import SamenessView

MATTER = r"^matters/(?P<code>[A-Za-z0-9._-]{1,64})/"

urlpatterns = [
    path("matters/", MatterListView.as_view(), name="api_matters"),
    re_path(rf"{MATTER}$", MatterView.as_view(), name="api_matter"),
    re_path(rf"{MATTER}pause/$", PauseView.as_view(), name="api_matter_pause"),
    re_path(rf"{MATTER}reopen/$", ReopenView.as_view(), name="api_matter_reopen"),
    re_path(rf"{MATTER}abolish/$", AbolishView.as_view(), name="api_matter_abolish"),
    re_path(rf"{MATTER}merge/$", MergeView.as_view(), name="api_matter_merge"),
    re_path(rf"{MATTER}closing/$", ClosingView.as_view(), name="api_matter_closing"),
    re_path(rf"{MATTER}closing/confirm/$", ConfirmClosingView.as_view(), name="api_matter_closing_confirm"),
    re_path(rf"{MATTER}closing/drop/$", DropClosingView.as_view(), name="api_matter_closing_drop"),
    path("sameness/", SamenessView.as_view(), name="api_sameness"),
    path("guide-drafts/", DraftListView.as_view(), name="api_drafts"),
    path("guide-drafts/<int:draft_id>/", DraftView.as_view(), name="api_draft"),
    path("guide-drafts/<int:draft_id>/check/", CheckView.as_view(), name="api_draft_check"),
    path("guide-drafts/<int:draft_id>/approve/", ApproveView.as_view(), name="api_draft_approve"),
    path("guide-drafts/<int:draft_id>/drop/", DropView.as_view(), name="api_draft_drop"),
    re_path(r"^matters/(?P<code>[A-Za-z0-9._-]{1,64})/check/$", SelfCheckView.as_view(), name="api_matter_check"),
    path("bundles/", BundleListView.as_view(), name="api_bundles"),
    re_path(r"^bundles/(?P<code>[A-Za-z0-9._-]{1,64})/$", BundleView.as_view(), name="api_bundle"),
]
