"""The frozen content of a document: everything its copies could say, as plain JSON.

Each item carries the ids of the children it concerns (``children``: ids of ConferenceChild, none = all), whose
private information it holds (``private_to``: ids of Person) and the part in which it was said (``part``),
because ``reports.copies`` composes each recipient's copy from these alone. ``hidden`` lists for each
participant what must not reach them, as recorded when the document was prepared.
"""

from reports.content.freezing import content_of, turn_to
from reports.content.hidden import concealed_now
from reports.content.later import content_for, content_with, later_recipients

__all__ = ["concealed_now", "content_for", "content_of", "content_with", "later_recipients", "turn_to"]
