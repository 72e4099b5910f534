"""Users, the roles they hold, and the words they have not sent yet."""

from accounts.services.drafts import finish_draft, save_draft
from accounts.services.people import assign_role, create_user, end_role

__all__ = ["assign_role", "create_user", "end_role", "finish_draft", "save_draft"]
