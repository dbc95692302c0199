"""How a page asked for its sessions on the hosted workflow, what it sent along, and how it asks the new server."""
