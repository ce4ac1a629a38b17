"""The door for web servers that speak WSGI (gunicorn, here and in the image)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isva.settings")

application = get_wsgi_application()

from isva.db.checks import refuse_privileges  # noqa: E402  (the settings come first)

refuse_privileges()
