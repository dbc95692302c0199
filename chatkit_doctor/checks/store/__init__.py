"""CK2: the classes that ChatKit asks a project to write, above all its Store."""

READS = ("python",)
