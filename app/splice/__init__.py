"""Adding an entry to somebody's configuration file, and taking it out again, without touching the rest."""
