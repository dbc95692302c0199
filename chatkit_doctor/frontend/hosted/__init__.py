"""Apps whose chat runs on a workflow that OpenAI hosts: where the page asks for a secret, and who makes it."""
