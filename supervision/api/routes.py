"""Addresses of the API for those who watch."""

from django.urls import path

from supervision.api.lights import LightsView

urlpatterns = [path("lights/", LightsView.as_view(), name="api_lights")]
