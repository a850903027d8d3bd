#include "server/privileges.h"

#include "common/log.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool hand_over(const char *folder, const struct passwd *account)
{
    if ((mkdir(folder, 0700) != 0 && errno != EEXIST) ||
        chown(folder, account->pw_uid, account->pw_gid) != 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot give %s to %s: %s", folder, account->pw_name,
                  strerror(errno));
        return false;
    }
    return true;
}

bool privileges_drop(const char *user, const char *folder)
{
    if (geteuid() != 0) {
        return true;
    }
    const struct passwd *account = getpwnam(user);
    if (!account || account->pw_uid == 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "root is not for daemons, and there is no user %s to become: name one with "
                  "--user",
                  user);
        return false;
    }
    if (*folder && !hand_over(folder, account)) {
        return false;
    }
    if (setgroups(0, NULL) != 0 || setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot become %s: %s", user, strerror(errno));
        return false;
    }
    return true;
}
