"""The SDK's models as a program builds them."""
