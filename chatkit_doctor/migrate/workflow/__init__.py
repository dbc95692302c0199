"""What Agent Builder exports for the Agents SDK, made into the answers of the new server."""
