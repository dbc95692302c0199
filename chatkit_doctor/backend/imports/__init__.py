"""The program's imports of ChatKit's modules and names."""
