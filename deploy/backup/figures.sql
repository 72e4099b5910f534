-- For each table its number of rows and a sum over their contents, the same for the same rows in whatever order.
-- Sessions and counts of attempts are left out: they come and go, and a restored database does without them.
\pset format unaligned
\pset tuples_only on
SELECT format(
  'SELECT %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM %s t',
  c.oid::regclass, c.oid::regclass
)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
  AND c.relname NOT IN ('django_session', 'django_cache', 'usersessions_usersession', 'accounts_tally')
ORDER BY c.relname
\gexec
