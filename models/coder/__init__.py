"""The sentence-to-event-type classifier. No SQL, no Prefect."""
