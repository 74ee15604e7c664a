"""What finance keeps, and the statements that read and write it."""
