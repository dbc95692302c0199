"""CK4: the options that a web page hands to ChatKit."""

READS = ("own web",)
