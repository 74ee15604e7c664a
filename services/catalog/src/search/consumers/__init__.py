"""How this replica listens: messages become records, records become documents."""
