"""The app as web servers start it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")
_django = get_wsgi_application()

from regulars.config.requests import watched  # noqa: E402  its addresses need Django set up

application = watched(_django)
