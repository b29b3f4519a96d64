from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/", include("config.api")),
    path("", include("halls.urls")),
    path("", include("matters.urls")),
    # Fixed words such as cases/search/ stand before cases/<number>/.
    path("", include("applications.urls_intake")),
    path("", include("applications.urls_public")),
    path("", include("applications.urls")),
    path("", include("supervision.urls_public")),
    path("", include("supervision.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
