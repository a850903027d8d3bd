// A PostgreSQL cluster of the daemon's own, in a folder: made when it is not there, started with
// the daemon and stopped with it, reached through a unix socket in the folder alone.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cluster;

// Makes the cluster in folder when there is none, starts PostgreSQL and waits until it answers.
// When another daemon on the same folder runs it already, that one is used and left running.
// A PostgreSQL that outlived its daemon is waited for. NULL after logging why not. The folder
// must belong to the user that the process runs as, who must not be root.
struct cluster *cluster_start(const char *folder);

// Stops PostgreSQL when this cluster_start() started it, and waits for its end.
void cluster_stop(struct cluster *cluster);

// Call when a child has ended.
void cluster_reap(struct cluster *cluster, pid_t child);

// Call every now and then: starts PostgreSQL when nobody runs it, be it that ours ended or that
// the daemon which ran it has stopped. One that ends soon is tried again at growing intervals.
void cluster_tend(struct cluster *cluster);

// Connection strings of the daemon's role and of the schema's owner; the cluster's own memory.
const char *cluster_daemon_conninfo(const struct cluster *cluster);
const char *cluster_owner_conninfo(const struct cluster *cluster);
