"""The store: tables, migrations, views and the functions that read and write them.

No text handling, training or orchestration here: rows come in and go out as plain values.
"""
