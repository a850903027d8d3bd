// What SQLite sees of simulated disks: files, their locks, and the memory that programs share.
#pragma once

#include <stdbool.h>

struct sqlite3_file;

// Makes SQLite use simulated disks for every file below the folder of one; once in a program.
void vfs_register(void);

// Whether it is the open file of some disk.
bool vfs_has_open(const struct sqlite3_file *file);
// Whether the program that has it open was not stopped; and makes it that of one which runs now.
bool vfs_is_live(const struct sqlite3_file *file);
void vfs_revive(struct sqlite3_file *file);
// Whether its disk lost power while files other than SQLite's log were written, and none was opened
// since.
bool vfs_is_damaged(const struct sqlite3_file *file);
