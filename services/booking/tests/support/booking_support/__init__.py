"""What tests of booking stand on: plain values of its rules, and a small world made known to it by events."""
