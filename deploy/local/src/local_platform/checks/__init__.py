"""What is checked, measured, locked and written anew: each a command of `./pass`."""
