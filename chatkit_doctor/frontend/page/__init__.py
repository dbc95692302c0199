"""The page around ChatKit: where it is mounted, which document shows it, which scripts that loads."""
