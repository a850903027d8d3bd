// The process that keeps a private cluster running while the daemon serves. It is started before
// the daemon confines itself, so that the daemon, which strangers speak to, needs no right to start
// programs; the keeper speaks to nobody.
#pragma once

#include "server/db/cluster.h"

struct keeper;

// Starts the process, in which cluster_start() and cluster_tend() run, and waits until PostgreSQL
// answers. Call before there are threads. The cluster stays the caller's. NULL after logging why
// not.
struct keeper *keeper_start(struct cluster *cluster);

// Has PostgreSQL stopped when the keeper started it, and waits for the end of both. NULL is legal.
void keeper_stop(struct keeper *keeper);

// Whether the child that has ended is the keeper, which must not be: nobody can start another.
bool keeper_is(const struct keeper *keeper, pid_t child);
