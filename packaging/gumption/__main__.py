"""`python -m gumption`."""

from gumption import main

main()
