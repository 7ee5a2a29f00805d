"""Gumption's windows. They show what the daemon answers and hold no truth of their own."""
