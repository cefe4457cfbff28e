"""Value types, spans, settings and errors. Imports nothing else of the project."""
