"""Three hosts with Patroni, etcd, Postgres and PgBouncer, as the administrator's manual sets them up, on loopback."""
