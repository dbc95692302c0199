"""Both sides together: the address that options give, and the backend that answers there."""
