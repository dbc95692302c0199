"""CK9: what the doctor says of itself: comments for it, and files that it cannot read.

These rules look at no app: the scan hands each what it judges.
"""

READS = ()
