-- Roles and databases, least privilege. Run once as administrator:
--   psql --set app=... --set prefect=... --set analyst=... --file deploy/postgres/roles.sql
-- The program owns its own database and nothing else; Prefect's server likewise.
CREATE ROLE dyadrisk LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app';
CREATE ROLE prefect LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'prefect';
-- The analyst reads the views (see analyst.sql) and nothing else, and no query runs for ever.
CREATE ROLE dyadrisk_analyst LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'analyst';
ALTER ROLE dyadrisk_analyst SET default_transaction_read_only = on;
ALTER ROLE dyadrisk_analyst SET statement_timeout = '60s';
CREATE DATABASE dyadrisk OWNER dyadrisk;
CREATE DATABASE prefect OWNER prefect;
REVOKE ALL ON DATABASE dyadrisk FROM PUBLIC;
REVOKE ALL ON DATABASE prefect FROM PUBLIC;
GRANT CONNECT ON DATABASE dyadrisk TO dyadrisk_analyst;
