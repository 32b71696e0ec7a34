"""What flows between rooms: frozen types, and nothing that computes, reads or writes."""
