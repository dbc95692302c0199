"""What a ChatKitServer holds to when its own `process` is asked: a function for each property, by what it is about."""
