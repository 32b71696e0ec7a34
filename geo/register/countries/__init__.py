"""The registers that ship with the package: one module a country, whose `register` gives it."""
