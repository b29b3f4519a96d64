"""Addresses of the API for those who watch, and for the figures of whoever works."""

from django.urls import path

from supervision.api.figures import FigureRowsView, FiguresView, RatesView
from supervision.api.lights import LightsView

urlpatterns = [
    path("lights/", LightsView.as_view(), name="api_lights"),
    path("supervision/figures/", FiguresView.as_view(), name="api_figures"),
    path("supervision/figures/<slug:key>/", FigureRowsView.as_view(), name="api_figure_rows"),
    path("supervision/rates/", RatesView.as_view(), name="api_rates"),
]
