"""The door for web servers that speak ASGI; the pages are synchronous, so WSGI is the faster one here."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isva.settings")

application = get_asgi_application()
