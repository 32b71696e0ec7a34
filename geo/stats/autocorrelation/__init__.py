"""Whether like lies beside like: tests of a map as a whole, and of each area with its neighbours."""
