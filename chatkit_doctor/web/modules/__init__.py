"""Imports and exports of web files, and what a name or a path of theirs stands for."""
