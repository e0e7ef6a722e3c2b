"""The platforms' stand-ins: local HTTP servers with a ledger of what the public sees, and faults on request."""
