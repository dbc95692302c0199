"""The server's side: the routes that had sessions made go, or hand the chat on to the new server."""
