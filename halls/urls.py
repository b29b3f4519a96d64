"""Addresses of sessions."""

from django.urls import path

from halls.views import session

urlpatterns = [
    path("login/", session.login, name="login"),
    path("logout/", session.logout, name="logout"),
    path("elder/", session.elder, name="elder"),
]
