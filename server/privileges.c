#include "server/privileges.h"

#include "common/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_empty(DIR *listing)
{
    int names = 0;
    while (readdir(listing)) {
        names++;
    }
    // "." and ".." are in every folder.
    return names == 2;
}

// By a descriptor, and through no link: whoever owns the folder around it could point one at any
// empty folder of root's, or put it in the place of this one meanwhile. A folder that holds
// something already is not ours to take: it may be /tmp.
static bool give(const char *folder, const struct passwd *account)
{
    bool given = false;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *listing = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!listing) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot give %s, a folder and no link, to %s: %s",
                  folder, account->pw_name, strerror(errno));
    } else if (!is_empty(listing)) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "%s is not empty and does not belong to %s: name another folder", folder,
                  account->pw_name);
    } else if (!(given = fchown(descriptor, account->pw_uid, account->pw_gid) == 0)) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot give %s to %s: %s", folder, account->pw_name,
                  strerror(errno));
    }
    if (listing) {
        closedir(listing);
    } else if (descriptor >= 0) {
        close(descriptor);
    }
    return given;
}

static bool hand_over(const char *folder, const struct passwd *account)
{
    struct stat status;
    char path[PATH_MAX];
    // A slash at the end would follow a link.
    size_t length = (size_t)snprintf(path, sizeof path, "%s", folder);
    while (length > 1 && length < sizeof path && path[length - 1] == '/') {
        path[--length] = '\0';
    }
    if ((mkdir(path, 0700) != 0 && errno != EEXIST) || stat(path, &status) != 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot make %s: %s", folder, strerror(errno));
        return false;
    }
    return status.st_uid == account->pw_uid || give(path, account);
}

// NULL after logging why the user cannot be had.
static const struct passwd *find_account(const char *user)
{
    const struct passwd *account = getpwnam(user);
    if (!account || account->pw_uid == 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "root is not for daemons, and there is no user %s to become: name one with "
                  "--user",
                  user);
        return NULL;
    }
    return account;
}

bool privileges_hand_over(const char *user, const char *folder)
{
    if (geteuid() != 0 || !*folder) {
        return true;
    }
    const struct passwd *account = find_account(user);
    return account && hand_over(folder, account);
}

// Memory holds tokens and keys: it goes into no core file. A set-user-id program gives nothing to
// us or to what we start.
static bool renounce(void)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot renounce privileges: %s", strerror(errno));
        return false;
    }
    return true;
}

bool privileges_drop(const char *user)
{
    if (geteuid() != 0) {
        return renounce();
    }
    const struct passwd *account = find_account(user);
    if (!account) {
        return false;
    }
    if (setgroups(0, NULL) != 0 || setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot become %s: %s", user, strerror(errno));
        return false;
    }
    return renounce();
}
