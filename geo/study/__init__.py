"""The main job: tables and boundaries in, results out. The one room that knows all others.

run             the job itself: opens the inputs, computes, gives a result
inputs          what a run is made from: table, polygons, population, neighbours
result          what a run gives, and how it is written
slug            the short name with which its files begin
layers          areas, groups, clusters and regions as layers
sensitivity     the tests again under other weights and populations
unknown         what can and what cannot be known while counts are open
demand          people returning against the support that meets them
comparisons     how uneven counts are, and with what they go together
context         the last two as parts of a run
"""
