"""Reading papers: who reports, who is due what, what a document's copies are and who they were sent to."""
