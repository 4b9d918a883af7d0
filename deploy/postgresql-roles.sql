-- Two roles: zalantun_owner owns the tables and migrates; zalantun is what the portal signs in as.
-- The portal may read and write everything but the audit log, to which it may only add.
--
-- Run by a superuser in the portal's database, once before the first start and again after a restore:
--   psql -d zalantun -v ON_ERROR_STOP=1 -f deploy/postgresql-roles.sql
-- then give both a password (\password zalantun, \password zalantun_owner). The programs use zalantun in
-- DATABASE_URL; /etc/zalantun-owner.env names zalantun_owner and is read by zalantun-prepare alone.

SELECT 'CREATE ROLE zalantun_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'zalantun_owner') \gexec
SELECT 'CREATE ROLE zalantun LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'zalantun') \gexec
ALTER ROLE zalantun NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE zalantun_owner NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- Whatever is there already belongs to the owner from now on.
SELECT format('ALTER TABLE %I.%I OWNER TO zalantun_owner', schemaname, tablename)
  FROM pg_tables WHERE schemaname = 'public' \gexec
SELECT format('ALTER FUNCTION %s OWNER TO zalantun_owner', p.oid::regprocedure)
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') \gexec
GRANT USAGE, CREATE ON SCHEMA public TO zalantun_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Now, and for tables that migrations make later.
GRANT USAGE ON SCHEMA public TO zalantun;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO zalantun;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO zalantun;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO zalantun;
ALTER DEFAULT PRIVILEGES FOR ROLE zalantun_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO zalantun;
ALTER DEFAULT PRIVILEGES FOR ROLE zalantun_owner IN SCHEMA public
  GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO zalantun;

-- The audit log: read and add, nothing else. After the first migration has made the table.
SELECT 'REVOKE ALL ON foundation_auditentry FROM zalantun'
 WHERE to_regclass('public.foundation_auditentry') IS NOT NULL \gexec
SELECT 'GRANT SELECT, INSERT ON foundation_auditentry TO zalantun'
 WHERE to_regclass('public.foundation_auditentry') IS NOT NULL \gexec
