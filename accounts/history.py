"""How case tables keep their history: every insert, update and delete, by database trigger."""

from __future__ import annotations

import pghistory
import pgtrigger

tracked = pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
tracked_links = pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)

append_only = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
never_deleted = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)
