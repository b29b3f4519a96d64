"""Addresses of the API for those who watch."""

from django.urls import path

from supervision.api.lights import LightsView
from supervision.api.voices import VoiceListView

urlpatterns = [
    path("lights/", LightsView.as_view(), name="api_lights"),
    path("supervision/voices/", VoiceListView.as_view(), name="api_voices"),
]
