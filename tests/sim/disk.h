// Simulated disks, on which SQLite keeps its files (vfs.h): in memory, and they know what was
// synced.
//
// What was written and not synced is lost or kept at random, sector by sector, when the power is
// cut. A program that is killed leaves what it has written. A disk may be full. All of it can
// happen in the middle of an operation: after so many writes and syncs.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct disk;
struct world;

// The disk of that folder, as it is at the beginning of a run: with the files of the pattern, or
// none when there is no pattern.
struct disk *disk_format(struct world *world, const char *folder);
// The files that it has are the pattern from now on, if there is none yet.
void disk_keep_pattern(const struct disk *disk);

// The programs that use it are stopped: what they do from now on has no effect, until the restart.
void disk_stop(struct disk *disk, bool power_cut);
void disk_restart(struct disk *disk);
bool disk_is_stopped(const struct disk *disk);
// Neither stopped nor full.
bool disk_works(const struct disk *disk);
// Whether it was stopped by a power cut when it was stopped last.
bool disk_lost_power(const struct disk *disk);

// Stops it by itself after so many writes and syncs; 0: not.
void disk_set_fuse(struct disk *disk, unsigned operations, bool power_cut);
void disk_set_full(struct disk *disk, bool full);
