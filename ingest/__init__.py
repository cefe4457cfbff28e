"""Files → source text → articles with spans, and their passages."""
