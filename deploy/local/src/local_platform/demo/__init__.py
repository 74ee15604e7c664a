"""What a newcomer finds and is shown: accounts, a small set of data, and the whole story played."""
