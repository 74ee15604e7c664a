"""What people are given to show or to keep."""
