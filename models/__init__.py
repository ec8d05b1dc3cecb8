"""The store, the event coder and the risk classifier, blind to each other."""
