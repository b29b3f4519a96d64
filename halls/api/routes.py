"""Addresses of the API about who and where."""

from django.urls import path, re_path

from halls.api.halls import HallListView, HallView
from halls.api.sessions import TokenView

urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="api_token"),
    path("halls/", HallListView.as_view(), name="api_halls"),
    re_path(r"^halls/(?P<code>[0-9]{6,12})/$", HallView.as_view(), name="api_hall"),
]
