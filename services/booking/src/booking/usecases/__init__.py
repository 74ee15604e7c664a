"""One verb per file: what people, time and other contexts may make booking do."""
