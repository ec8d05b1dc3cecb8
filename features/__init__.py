"""Pure text-to-values code: articles in, directed events and feature rows out.

Nothing below this package reads a clock, an environment variable, a network,
a database or a trained scikit-learn object; those arrive as arguments.
"""
