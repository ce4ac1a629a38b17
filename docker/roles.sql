-- The roles of the service and its database, for PostgreSQL 15 or newer; run once, as superuser, in template1.
-- isva_owner owns the database and migrates; isva_app serves the pages, owns nothing and cannot step around row-level security.
-- isva_definer, as which nobody signs in, owns the functions that row-level security asks.
-- One statement a line: the embedded server reads this file in single-user mode, the image's psql with the same two variables.
CREATE ROLE isva_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE isva_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE isva_definer NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
GRANT isva_definer TO isva_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE DATABASE isva OWNER isva_owner TEMPLATE template1;
