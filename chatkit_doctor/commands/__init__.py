"""A module per command, and what a terminal needs: output, exit codes, progress."""
