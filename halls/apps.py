from django.apps import AppConfig


class HallsConfig(AppConfig):
    name = "halls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from halls import checks  # noqa: F401, PLC0415 - registers itself
