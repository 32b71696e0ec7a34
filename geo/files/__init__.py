"""Files of others, opened with care: nothing is fetched from a network, nothing temporary is left behind."""
