"""chatkit-doctor: a linter and static doctor for projects built on OpenAI ChatKit."""

__version__ = "0.1.0"
