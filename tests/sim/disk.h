// Simulated disks, on which SQLite keeps its files: a VFS in memory that knows what was synced.
//
// What was written and not synced is lost or kept at random, sector by sector, when the power is
// cut. A program that is killed leaves what it has written. A disk may be full. All of it can
// happen in the middle of an operation: after so many writes and syncs.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct disk;
struct sqlite3_file;
struct world;

// Makes SQLite use simulated disks for every file below the folder of one; once in a program.
void disk_register(void);

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

// Files as SQLite has them.
bool disk_has_open(const struct sqlite3_file *file);
// Whether the program that has it open was not stopped; and makes it that of one which runs now.
bool disk_file_is_live(const struct sqlite3_file *file);
void disk_file_revive(struct sqlite3_file *file);
// Whether its disk lost power while files other than SQLite's log were written, and none was opened
// since.
bool disk_file_is_damaged(const struct sqlite3_file *file);
