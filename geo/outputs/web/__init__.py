"""The web map: one file that works offline."""
