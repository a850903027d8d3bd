-- What follows from other tables is written by functions that the owner runs: the daemon's role
-- loses the right to do so by hand (see policies/00_all.sql).
REVOKE INSERT, UPDATE, DELETE ON reach, total FROM tiejun_daemon;
REVOKE ALL ON customer_registry, customer_mark FROM tiejun_daemon;
