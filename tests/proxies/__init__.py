"""What hands requests on between a page and its backend, format by format."""
