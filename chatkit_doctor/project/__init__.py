"""The files of a scan: walk, ignore rules, sources, manifests, releases, and the apps they form."""
