"""Edits of scripts and markup in the style of the file they are made in."""
