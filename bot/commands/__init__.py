"""The commands, one a file: settings and arguments -> work -> stdout -> an exit status."""
