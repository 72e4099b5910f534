"""The project's settings with Django's admin beside it, whose lists are what ours are compared with."""

from cpconf.settings import *  # noqa: F403
from cpconf.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin"]
ROOT_URLCONF = "benchmarks.urls"
