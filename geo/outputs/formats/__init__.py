"""Formats of layers: each module here is one, as its `FORMAT` says, and is found without being listed."""
