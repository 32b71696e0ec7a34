"""What incomplete counts say.

A count is an interval: published counts have no width, an area below a list has its limit, a suppressed cell
is ``<5``, a missing one has no upper end.

- :mod:`~geo.stats.incomplete.intervals` takes them from a table of counts,
- :mod:`~geo.stats.incomplete.bounds` says, without any model, what statistics they allow,
- :mod:`~geo.stats.incomplete.gammapoisson` fits one model to exact and interval counts together,
- :mod:`~geo.stats.incomplete.posterior` draws its parameters,
- :mod:`~geo.stats.incomplete.imputation` draws counts within the intervals, given a total or not, and
  :mod:`~geo.stats.incomplete.predictive` asks whether the model could have made what is known,
- :mod:`~geo.stats.incomplete.certainty` makes the local tests on every imputation.
"""
