"""Addresses of the API for those who watch, and for the figures of whoever works."""

from django.urls import path, re_path

from supervision.api.cards import CardListView, CardView
from supervision.api.figures import FigureRowsView, FiguresView, RatesView
from supervision.api.lights import LightsView
from supervision.api.orders import OrdersView
from supervision.api.ratings import RatingsView
from supervision.api.voices import VoiceListView

urlpatterns = [
    path("lights/", LightsView.as_view(), name="api_lights"),
    path("supervision/orders/", OrdersView.as_view(), name="api_orders"),
    path("supervision/ratings/", RatingsView.as_view(), name="api_ratings"),
    path("supervision/cards/", CardListView.as_view(), name="api_cards"),
    re_path(r"^supervision/cards/(?P<pk>[0-9]{1,18})/$", CardView.as_view(), name="api_card"),
    path("supervision/voices/", VoiceListView.as_view(), name="api_voices"),
    path("supervision/figures/", FiguresView.as_view(), name="api_figures"),
    path("supervision/figures/<slug:key>/", FigureRowsView.as_view(), name="api_figure_rows"),
    path("supervision/rates/", RatesView.as_view(), name="api_rates"),
]
