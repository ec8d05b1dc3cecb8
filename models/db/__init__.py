"""Tables, sessions, queries and views. No spaCy, scikit-learn or Prefect."""
