"""How this replica listens: messages become rows, rows become documents."""
