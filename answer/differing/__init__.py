"""Sources that answer the same question differently."""
