"""Both places for files, and content to keep in them, as the tests of files use them."""
