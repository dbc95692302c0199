"""What the web side of an app is: mounts, options, pages, where the thread id is kept. It answers; rules judge."""
