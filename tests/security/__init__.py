"""What an attacker, or bad luck, must not get: each test was seen red without its guard."""
