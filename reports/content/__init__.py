"""The frozen content of a document: everything its copies could say, as plain JSON.

Each item carries ids of the children it concerns (``children``: ids of ConferenceChild, none = all), whose
private information it holds (``private_to``: ids of Person) and the part in which it was said (``part``),
because ``reports.entitlement`` composes each recipient's copy from these alone. ``hidden`` holds for each
participant what must not reach them, as it stood when the document was prepared.
"""

from reports.content.freezing import content_of
from reports.content.hidden import hidden_words_now

__all__ = ["content_of", "hidden_words_now"]
