"""Addresses of the API for those who watch."""

from django.urls import path

from supervision.api.lights import LightsView
from supervision.api.orders import OrdersView
from supervision.api.ratings import RatingsView

urlpatterns = [
    path("lights/", LightsView.as_view(), name="api_lights"),
    path("supervision/orders/", OrdersView.as_view(), name="api_orders"),
    path("supervision/ratings/", RatingsView.as_view(), name="api_ratings"),
]
