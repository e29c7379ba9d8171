"""The sources file for its owner: an address -> found, tried, shown -> an entry of the file."""
