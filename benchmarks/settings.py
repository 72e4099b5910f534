"""The project's settings plus Django's admin, whose lists ours are compared with."""

from cpconf.settings import *  # noqa: F403
from cpconf.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin"]
ROOT_URLCONF = "benchmarks.urls"
