"""What a hostile project or server can think of, as seeded programs.

The test run has a small set of each; `make torture` has the whole. `scale` says how much that is, and which seed it
grew from: TORTURE_SEED=7 make torture tries another.
"""
