"""Rates by area: crude, smoothed and standardised, their limits, and how they depend on the size of areas."""
