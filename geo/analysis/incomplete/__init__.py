"""What incomplete counts say: a room of the analysis.

A count is an interval: published counts have no width, an area below a list has its limit, a suppressed cell
is ``<5``, a missing one has no upper end.

- :mod:`~geo.analysis.incomplete.intervals` takes them from a table of counts,
- :mod:`~geo.analysis.incomplete.bounds` says, without any model, what statistics they allow,
- :mod:`~geo.analysis.incomplete.model` fits one model to exact and interval counts together,
- :mod:`~geo.analysis.incomplete.posterior` draws its parameters,
- :mod:`~geo.analysis.incomplete.imputation` draws counts within the intervals, given a total or not, and
  :mod:`~geo.analysis.incomplete.checks` asks whether the model could have made what is known,
- :mod:`~geo.analysis.incomplete.certainty` makes the local tests on every imputation.
"""
