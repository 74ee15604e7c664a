"""What identity tells the other contexts. It listens to none."""
