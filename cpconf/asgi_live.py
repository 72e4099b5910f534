"""The ASGI application of live pages, for uvicorn."""

from __future__ import annotations

import os

import django

from cpconf.checks import refuse_to_serve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
django.setup()
refuse_to_serve()

from cpconf.live.app import Live  # noqa: E402 - Django has to be ready

application = Live()
