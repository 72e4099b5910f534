"""How long things of guests last."""

from __future__ import annotations

import datetime

from accounts.signin.sessions import IDLE_LIMIT

TOKEN_BYTES = 32
CODE_FIGURES = 6
# Time enough to find the e-mail and come back to the page.
CODE_LIVES = datetime.timedelta(minutes=10)
# As for everybody; the page may stand open on a family's kitchen table.
IDLE = IDLE_LIMIT
# Long enough for a conference of three hours and reading before it; then a new code is asked for.
LONGEST = datetime.timedelta(hours=4)
# Seeing somebody is written down no more often than this.
SEEN_NOTED_EVERY = datetime.timedelta(minutes=1)
