"""What stands between a page and its backend, as it is told how to hand requests on: a module for each format."""
