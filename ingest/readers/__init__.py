"""One module per family of files: bytes → source text, and what the format itself says."""
