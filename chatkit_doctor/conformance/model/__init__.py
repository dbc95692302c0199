"""The model's end of a conversation: an endpoint on loopback that speaks the providers' APIs and follows a script."""
