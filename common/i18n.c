#include "common/i18n.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "tiejun"

#ifndef TIEJUN_LOCALE_DIR
#define TIEJUN_LOCALE_DIR "/usr/share/locale"
#endif

// The C library's count of catalog changes; raising it makes gettext look at LANGUAGE again
// (gettext manual, "Being a gettext grok").
extern int _nl_msg_cat_cntr;

static const char *const offered[] = {"en", "zh_CN"};
static const char *chosen = "en";

// Whether name is prefix alone, or goes on with something that no word has.
static bool begins(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);
    return !strncmp(name, prefix, length) && !(name[length] >= 'a' && name[length] <= 'z');
}

const char *i18n_offered(const char *locale)
{
    // Traditional Chinese (zh_TW, zh_HK) is another language to its readers.
    static const char *const simplified[] = {"zh_CN", "zh-CN",   "zh_SG",
                                             "zh-SG", "zh_Hans", "zh-Hans"};
    if (!locale || strncmp(locale, "zh", 2))
        return offered[0];
    for (size_t i = 0; i < sizeof simplified / sizeof *simplified; i++)
        if (begins(locale, simplified[i]))
            return offered[1];
    return locale[2] == '\0' || locale[2] == '.' || locale[2] == '@' ? offered[1] : offered[0];
}

// The first language of a LANGUAGE list ("de:zh_CN:en") that we have; NULL when there is none.
static const char *first_of_list(const char *list)
{
    while (list && *list) {
        size_t length = strcspn(list, ":");
        char item[32] = "";
        if (length < sizeof item)
            memcpy(item, list, length);
        const char *language = i18n_offered(item);
        if (language == offered[1] || begins(item, "en"))
            return language;
        list += length + (list[length] == ':');
    }
    return NULL;
}

static const char *wanted_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return value;
    }
    return "C";
}

// As gettext has it: LANGUAGE counts before the locale, but not in the locales C and POSIX.
static const char *wanted_language(void)
{
    const char *locale = wanted_locale();
    if (!strcmp(locale, "C") || !strcmp(locale, "POSIX"))
        return offered[0];
    const char *listed = first_of_list(getenv("LANGUAGE"));
    return listed ? listed : i18n_offered(locale);
}

static void speak(const char *language)
{
    static const char *spoken;
    if (spoken == language)
        return;
    spoken = language;
    setenv("LANGUAGE", language, 1);
    _nl_msg_cat_cntr++;
}

// "/usr/share/locale" for /usr/bin/tiejun. False when our catalogs are not there.
static bool find_installed(char folder[PATH_MAX])
{
    char program[PATH_MAX];
    char catalog[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(program, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    int size = snprintf(folder, PATH_MAX, "%s/share/locale", program);
    int all = snprintf(catalog, PATH_MAX, "%s/zh_CN/LC_MESSAGES/" DOMAIN ".mo", folder);
    return size < PATH_MAX && all < PATH_MAX && access(catalog, R_OK) == 0;
}

// Where the catalogs are. installed: room for a path.
static const char *find_catalogs(char installed[PATH_MAX])
{
    const char *folder = secure_getenv("TIEJUN_LOCALEDIR");
    if (folder && *folder)
        return folder;
    return find_installed(installed) ? installed : TIEJUN_LOCALE_DIR;
}

void i18n_init(void)
{
    char installed[PATH_MAX];
    chosen = wanted_language();
    // gettext translates nothing while LC_MESSAGES is "C", which is what an absent locale leaves;
    // C.UTF-8 is part of the C library and listens to LANGUAGE.
    if (!setlocale(LC_ALL, "") || strcmp(nl_langinfo(CODESET), "UTF-8"))
        setlocale(LC_ALL, "C.UTF-8");
    const char *messages = setlocale(LC_MESSAGES, NULL);
    if (!messages || !strcmp(messages, "C") || !strcmp(messages, "POSIX"))
        setlocale(LC_MESSAGES, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
    speak(chosen);
    bindtextdomain(DOMAIN, find_catalogs(installed));
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
}

const char *i18n_language(void)
{
    return chosen;
}

const char *i18n_in(const char *language, const char *msgid)
{
    speak(i18n_offered(language));
    return gettext(msgid);
}

void i18n_preload(void)
{
    for (size_t i = 0; i < sizeof offered / sizeof *offered; i++)
        // The empty text is the catalog's header.
        i18n_in(offered[i], "");
    speak(chosen);
}
