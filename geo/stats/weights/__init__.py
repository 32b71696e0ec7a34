"""Who adjoins whom: contiguity, nearest neighbours, distance bands and kernels."""
