"""What finance hears from other contexts and what it tells them."""
