"""What the rules find, app by app: checked here or by a process beside, or known from the last scan."""
