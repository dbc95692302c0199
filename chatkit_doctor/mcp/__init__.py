"""The doctor as a server of the Model Context Protocol: for agents that write code, over standard input and output."""
