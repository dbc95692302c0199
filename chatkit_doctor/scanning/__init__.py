"""The flow of a scan, from the paths of a call to findings: `flow` is the page to read first."""
