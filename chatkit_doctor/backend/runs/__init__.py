"""The runs of agents: what goes in, which model answers, what is streamed out."""
