"""Three tiny subgraphs with the front that every service has: enough to try a gateway on."""
