#include "tests/sim/vfs.h"

#include "tests/sim/disk_parts.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

// What SQLite knows as an open file.
struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct file *file;
    uint64_t life;
    int lock;
    unsigned shared_locks;
    unsigned exclusive_locks;
    bool delete_on_close;
    struct handle *next;
};

static bool is_dead(const struct handle *handle)
{
    return handle->life != handle->disk->life;
}

// Whether the handle's program still lives, after one more write or sync.
static bool lives_on(struct handle *handle)
{
    struct disk *disk = handle->disk;
    if (!is_dead(handle) && disk->fuse > 0 && --disk->fuse == 0)
        disk_stop(disk, disk->fuse_cuts_power);
    return !is_dead(handle);
}

// ---- files ----

static int file_read(sqlite3_file *base, void *out, int size, sqlite3_int64 offset)
{
    struct image *image = &((struct handle *)base)->file->now;
    if (is_dead((struct handle *)base))
        return SQLITE_IOERR_READ;
    size_t there = (size_t)offset >= image->size ? 0 : image->size - (size_t)offset;
    size_t count = there < (size_t)size ? there : (size_t)size;
    if (count > 0)
        memcpy(out, image->data + offset, count);
    memset((char *)out + count, 0, (size_t)size - count);
    return count == (size_t)size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int size, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)base;
    struct image *image = &handle->file->now;
    if (!lives_on(handle))
        return SQLITE_IOERR_WRITE;
    size_t end = (size_t)offset + (size_t)size;
    if (handle->disk->full && end > image->size)
        return SQLITE_FULL;
    image_write(image, (size_t)offset, data, (size_t)size);
    file_note_written(handle->file, (size_t)offset, end);
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = (struct handle *)base;
    if (!lives_on(handle))
        return SQLITE_IOERR_TRUNCATE;
    file_note_written(handle->file, (size_t)size, handle->file->now.size);
    image_resize(&handle->file->now, (size_t)size);
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct handle *handle = (struct handle *)base;
    (void)flags;
    if (!lives_on(handle))
        return SQLITE_IOERR_FSYNC;
    file_settle(handle->file);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)((struct handle *)base)->file->now.size;
    return SQLITE_OK;
}

// Others' locks on the same file, of programs that live.
static bool others_hold(const struct handle *handle, int lock)
{
    for (struct handle *other = handle->file->handles; other; other = other->next) {
        if (other != handle && !is_dead(other) && other->lock >= lock)
            return true;
    }
    return false;
}

static int file_lock(sqlite3_file *base, int lock)
{
    struct handle *handle = (struct handle *)base;
    if (lock <= handle->lock)
        return SQLITE_OK;
    int forbidden = lock == SQLITE_LOCK_SHARED      ? SQLITE_LOCK_PENDING
                    : lock == SQLITE_LOCK_EXCLUSIVE ? SQLITE_LOCK_SHARED
                                                    : SQLITE_LOCK_RESERVED;
    if (others_hold(handle, forbidden))
        return SQLITE_BUSY;
    handle->lock = lock;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *base, int lock)
{
    ((struct handle *)base)->lock = lock;
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *reserved)
{
    *reserved = others_hold((struct handle *)base, SQLITE_LOCK_RESERVED);
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

static int file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **memory)
{
    struct file *file = ((struct handle *)base)->file;
    if (region >= REGIONS_MOST || size != REGION_SIZE)
        return SQLITE_IOERR_SHMMAP;
    if (!file->regions[region] && extend)
        file_region(file, (size_t)region);
    *memory = file->regions[region];
    return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
    struct handle *handle = (struct handle *)base;
    unsigned mask = ((1U << count) - 1) << offset;
    bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;
    if (flags & SQLITE_SHM_UNLOCK) {
        handle->shared_locks &= ~mask;
        handle->exclusive_locks &= ~mask;
        return SQLITE_OK;
    }
    for (struct handle *other = handle->file->handles; other; other = other->next) {
        unsigned held = other->exclusive_locks | (exclusive ? other->shared_locks : 0);
        if (other != handle && !is_dead(other) && held & mask)
            return SQLITE_BUSY;
    }
    if (exclusive)
        handle->exclusive_locks |= mask;
    else
        handle->shared_locks |= mask;
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
    (void)base;
}

static int shm_unmap(sqlite3_file *base, int delete)
{
    struct handle *handle = (struct handle *)base;
    if (delete &&!is_dead(handle))
        file_drop_regions(handle->file);
    handle->shared_locks = handle->exclusive_locks = 0;
    return SQLITE_OK;
}

static int file_close(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    struct handle **place = &handle->file->handles;
    while (*place != handle)
        place = &(*place)->next;
    *place = handle->next;
    if (handle->delete_on_close && !is_dead(handle))
        file_remove(handle->file);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

// ---- open files ----

bool vfs_has_open(const struct sqlite3_file *file)
{
    return file->pMethods == &methods;
}

bool vfs_is_live(const struct sqlite3_file *file)
{
    return vfs_has_open(file) && !is_dead((const struct handle *)file);
}

bool vfs_is_damaged(const struct sqlite3_file *file)
{
    return ((const struct handle *)file)->disk->damaged;
}

void vfs_revive(struct sqlite3_file *file)
{
    struct handle *handle = (struct handle *)file;
    handle->life = handle->disk->life;
}

// ---- the VFS ----

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out)
{
    struct handle *handle = (struct handle *)base;
    struct disk *disk = path ? disk_of(path) : NULL;
    struct file *file = disk ? disk_find(disk, path, true) : NULL;
    (void)vfs;
    *handle = (struct handle){0};
    if (!file || disk->stopped)
        return SQLITE_CANTOPEN;
    file->exists = true;
    disk->damaged = false;
    *handle = (struct handle){
        .base.pMethods = &methods,
        .disk = disk,
        .file = file,
        .life = disk->life,
        .delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE,
        .next = file->handles,
    };
    file->handles = handle;
    if (out)
        *out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    struct disk *disk = disk_of(path);
    struct file *file = disk ? disk_find(disk, path, false) : NULL;
    (void)vfs;
    (void)sync;
    if (!file || !file->exists)
        return SQLITE_IOERR_DELETE_NOENT;
    if (disk->stopped)
        return SQLITE_IOERR_DELETE;
    file_remove(file);
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer)
{
    struct disk *disk = disk_of(path);
    struct file *file = disk ? disk_find(disk, path, false) : NULL;
    (void)vfs;
    (void)flags;
    *answer = file && file->exists && file->now.size > 0;
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)size, "%s", path);
    return SQLITE_OK;
}

// Asked once in the life of the program, so it must not touch the dice of a run.
static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    memset(out, 1, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, double *days)
{
    (void)vfs;
    *days = 2460000.5;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    (void)size;
    (void)out;
    return 0;
}

void vfs_register(void)
{
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = PATH_SIZE,
        .zName = "simulated",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_last_error,
    };
    // One thread, and nobody who counts its memory: half of the time of a run.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_vfs_register(&vfs, 1);
}
