"""Web server settings for development and production; gunicorn finds them in the working folder."""

from __future__ import annotations

import os
from pathlib import Path

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 5
# A request's first line and headers; bodies are limited by the proxy and by the application.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
max_requests = 5000
max_requests_jitter = 500
# The proxy in front; only it may declare that a request came over HTTPS.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
# A heartbeat file on a slow disk would stop the workers.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
reload = os.environ.get("WEB_RELOAD") == "true"
# The application logs one line for each request, with ids and without search terms.
accesslog = None
loglevel = "warning"
# A running server cannot be changed from outside.
control_socket_disable = True
