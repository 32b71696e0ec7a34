"""Where people return to after prison: release rates, tested clusters and maps by commune."""
