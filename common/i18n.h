// Languages: English is written in the source, Chinese comes from common/po/zh_CN.po.
#pragma once

#include <libintl.h>

// Translates into the language of this process.
#define _(text) gettext(text)

// Marks a text of a table for the catalog; translated where it is used.
#define N_(text) text

// Chooses the language from the environment and makes the process speak UTF-8, also where the
// user's locale is not installed. Numbers keep the C locale's form. Catalogs come from
// $TIEJUN_LOCALEDIR, else from where they are installed beside the program (../share/locale), else
// from the folder compiled in. Call once, first thing in main.
void i18n_init(void);

// "zh_CN" or "en": what i18n_init chose.
const char *i18n_language(void);

// What we can offer for a locale's name: "zh_CN" for zh, zh_CN.UTF-8, zh_SG, zh-Hans; "en" for
// all others and for NULL.
const char *i18n_offered(const char *locale);

// Translates into another language than the process's own; for the daemon, whose peers each have
// theirs. language: any locale name. Returns text of the catalog (good for ever) or msgid. Changes
// LANGUAGE, so only from the main thread; _() gives the process's own language again only after
// i18n_in with that language.
const char *i18n_in(const char *language, const char *msgid) __attribute__((format_arg(2)));

// Opens every catalog, so that no file needs to be opened later (sandbox, chroot).
void i18n_preload(void);
