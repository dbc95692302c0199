"""The rules' pages as data: catalogue, symptoms, and the marks in their blocks."""
