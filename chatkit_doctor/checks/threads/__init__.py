"""CK4: whether the open thread outlives a reload, and a new chat begins anew."""

READS = ("own web",)
