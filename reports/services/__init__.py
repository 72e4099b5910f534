"""Writing papers: reports, sharing them, documents and their circulation."""
