"""Reading what projects depend on: manifests, lock files, installed environments; and which releases they admit."""
