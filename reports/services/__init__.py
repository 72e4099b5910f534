"""Writing papers: reports, their sharing, documents and their circulation."""
