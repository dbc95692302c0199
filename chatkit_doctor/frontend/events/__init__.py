"""What ChatKit tells the page while it runs: the handlers and listeners of an app, and what they take of it."""
