import os

from django.core.wsgi import get_wsgi_application

from config.demo_accounts import refuse_demo_accounts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
refuse_demo_accounts()
