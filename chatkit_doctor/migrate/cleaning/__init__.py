"""What is left of web files once the secret is gone: state, effects, guards and imports that served only it."""
