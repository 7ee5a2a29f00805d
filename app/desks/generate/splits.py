"""Which seeds may be looked at. Fixed before anything was tuned.

TUNE: seeds whose desks may be read, played and looked at while the product, the models or the generator are
being worked on. HELD_OUT: seeds whose desks are never to be looked at, by nobody: neither the desks nor
single verdicts on them. Only figures over all of them may be read, and nothing may be changed because of one
desk among them. A number that steered development is no longer a measurement: whoever looks at a held-out
desk has to name new seeds here and start counting again.
"""

TUNE = range(200)
HELD_OUT = range(10_000, 10_100)
