"""Labels, splits, risk classifier, baselines and figures. No SQL, no Prefect."""
