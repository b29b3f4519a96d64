"""The API under /api/v1/: one list of addresses per app, and the schema of them all."""

from django.urls import include, path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView

schema = extend_schema(exclude=True)(SpectacularJSONAPIView).as_view(authentication_classes=(), permission_classes=())

urlpatterns = [
    path("schema/", schema, name="api_schema"),
    path("", include("halls.api.routes")),
    path("", include("matters.api.routes")),
    path("", include("applications.api.routes")),
    path("", include("supervision.api.routes")),
]
