-- What the analyst may read: the views. `dyadrisk db grant dyadrisk_analyst` does the same.
-- An upgrade of the schema makes the views anew: grant again after it.
GRANT USAGE ON SCHEMA public TO dyadrisk_analyst;
GRANT SELECT ON latest_risk TO dyadrisk_analyst;
GRANT SELECT ON risk_history TO dyadrisk_analyst;
GRANT SELECT ON risk_movers TO dyadrisk_analyst;
GRANT SELECT ON risk_evidence TO dyadrisk_analyst;
GRANT SELECT ON source_health TO dyadrisk_analyst;
GRANT SELECT ON track_record TO dyadrisk_analyst;
GRANT SELECT ON event_list TO dyadrisk_analyst;
GRANT SELECT ON story_list TO dyadrisk_analyst;
GRANT SELECT ON pair_days TO dyadrisk_analyst;
