"""Small formats of the web, and languages that are read as another: policies, JSON with comments, PHP, templates."""
