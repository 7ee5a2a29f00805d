"""The building blocks, a module a type of claim. A block is a function that writes into a `Build`."""
