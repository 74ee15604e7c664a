"""One verb per file. Each runs in the caller's transaction and returns what it made, or a refusal."""
