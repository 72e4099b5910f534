"""How long guests' codes and sessions last."""

from __future__ import annotations

import datetime

from accounts.signin.sessions import IDLE_LIMIT

TOKEN_BYTES = 32
CODE_FIGURES = 6
# Time enough to find the e-mail and come back to the page.
CODE_LIVES = datetime.timedelta(minutes=10)
# The same as for staff; the page may be open on a family's kitchen table.
IDLE = IDLE_LIMIT
# Long enough for a three-hour conference and reading beforehand; then a new code is needed.
LONGEST = datetime.timedelta(hours=4)
# How often a session's last activity is written, at most.
SEEN_NOTED_EVERY = datetime.timedelta(minutes=1)
