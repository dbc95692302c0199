"""The runs of agents: the calls that start one, the API that answers it, and where its answer goes to ChatKit."""
