"""One whole platform: its processes with their settings, started, watched and stopped."""
