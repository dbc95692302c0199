"""The widgets that a backend shows: template files, and actions in them."""
