"""The index: a narrow interface, and Tantivy with H3 behind it."""
