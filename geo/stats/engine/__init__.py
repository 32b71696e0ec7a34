"""How p-values come about: conditional permutation, exact tails, correction for many tests."""
