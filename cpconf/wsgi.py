"""The WSGI application that the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from cpconf.checks import refuse_to_serve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
application = get_wsgi_application()
refuse_to_serve()
