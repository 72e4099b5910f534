#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

# Counting dates asks no server, so none is started for it.
WITHOUT_SERVERS = {"calculate_deadlines"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
    if WITHOUT_SERVERS.intersection(sys.argv[1:2]):
        os.environ.setdefault("DATABASE_URL", "postgres://nobody@no-server.invalid/none")
        os.environ.setdefault("REDIS_URL", "redis://no-server.invalid/0")
    execute_from_command_line(sys.argv)
