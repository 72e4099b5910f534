"""Views of papers: before the conference, after it, and the copies that are sent."""
