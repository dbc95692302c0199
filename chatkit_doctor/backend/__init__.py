"""What the Python side of an app is: servers, stores, runs and their models, streams. It answers; rules judge."""
