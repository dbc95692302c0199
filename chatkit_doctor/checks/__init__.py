"""The rules' logic: a module for each hundred of codes, and helpers that several checks share."""
