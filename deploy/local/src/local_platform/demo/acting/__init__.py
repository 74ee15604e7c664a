"""What people do through the gateway, one function a deed: for the story, the demo set, and tests."""
