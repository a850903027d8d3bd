// A PostgreSQL cluster of the daemon's own, in a folder: made when it is not there, started with
// the daemon and stopped with it, reached through a unix socket in the folder alone.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cluster;

// Names the places in folder, which is made when it is not there and must belong to the user that
// the process runs as, who must not be root. NULL after logging why not. Free with cluster_free().
struct cluster *cluster_new(const char *folder);

// Whether there is a cluster, running or not.
bool cluster_exists(const struct cluster *cluster);

// Makes the cluster when there is none, starts PostgreSQL and waits until it answers. When another
// daemon on the same folder runs it already, that one is used and left running. A PostgreSQL that
// outlived its daemon is waited for. False after logging why not.
__attribute__((warn_unused_result)) bool cluster_start(struct cluster *cluster);

// Stops PostgreSQL when this process started it, and waits for its end. NULL is legal.
void cluster_free(struct cluster *cluster);

// Call every now and then in the process that started it: starts PostgreSQL when nobody runs it, be
// it that ours ended or that the daemon which ran it has stopped. One that ends soon is tried again
// at growing intervals.
void cluster_tend(struct cluster *cluster);

// Connection strings of the daemon's role and of the schema's owner; the cluster's own memory.
const char *cluster_daemon_conninfo(const struct cluster *cluster);
const char *cluster_owner_conninfo(const struct cluster *cluster);
