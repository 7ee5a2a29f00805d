"""Desks: simulated people at simulated or real desktops, with ground truth, and what is measured on them.

Nothing of the product imports this: only the `eval` command and the tests know that desks exist.
"""
