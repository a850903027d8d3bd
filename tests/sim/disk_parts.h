// What a disk is made of; for disk.c, which knows what was synced, and vfs.c, which is what SQLite
// sees of it.
#pragma once

#include "tests/sim/disk.h"

#include <stddef.h>

#define SECTOR 512
#define FILES_MOST 16
#define REGIONS_MOST 8
#define REGION_SIZE 32768
#define PATH_SIZE 256
#define NAME_SIZE 32

struct image {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

struct handle;

// now: what programs see; synced: what a power cut leaves at least.
struct file {
    // In the folder of its disk.
    char name[NAME_SIZE];
    bool exists;
    struct image now;
    struct image synced;
    // What was written since, from the first byte to behind the last.
    size_t written_from;
    size_t written_to;
    void *regions[REGIONS_MOST];
    struct handle *handles;
};

struct disk {
    struct world *world;
    char folder[PATH_SIZE];
    struct file files[FILES_MOST];
    // Handles of an earlier life are dead.
    uint64_t life;
    bool stopped;
    bool lost_power;
    // A power cut hit files while they were written, and nothing was opened since.
    bool damaged;
    bool full;
    unsigned fuse;
    bool fuse_cuts_power;
};

void image_resize(struct image *image, size_t size);
void image_write(struct image *image, size_t from, const void *data, size_t size);

void file_note_written(struct file *file, size_t from, size_t to);
// What was written is on the disk for good.
void file_settle(struct file *file);
void file_remove(struct file *file);
// A piece of memory that programs share which have the file open.
void *file_region(struct file *file, size_t i);
void file_drop_regions(struct file *file);

// The disk that a path is on; NULL.
struct disk *disk_of(const char *path);
// NULL: it has none of that path, nor room for one that is to be made.
struct file *disk_find(struct disk *disk, const char *path, bool make);
