"""What other programs may ask: one service behind REST, MCP and the proxy."""
