#include "client/agent/reminders.h"

#include "client/agent/notice.h"
#include "client/agent/office_time.h"
#include "client/agent/settings.h"
#include "client/lib/brief.h"
#include "client/lib/brief_ground.h"
#include "client/lib/device_clock.h"
#include "client/lib/outbox.h"
#include "client/lib/refresh.h"
#include "common/arena.h"
#include "common/date.h"
#include "common/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUDGET ((size_t)256 << 20)
// A reminder that could not be sent at its minute is sent within the hour, or not at all.
#define LATE_MOST 60
// Minutes that it waits for what the daemon may be about to say of today.
#define FRESH_WAIT 5
// A brief of what is older than that says so, in seconds.
#define AGE_SAID_S INT64_C(3600)
#define NANOSECONDS INT64_C(1000000000)
#define HOUR_S INT64_C(3600)
// The part of a working day that is over when one asks how its pace is: half of it.
#define NOON_MILLI 500

struct reminders {
    const struct settings *settings;
    struct notifier *notifier;
    const char *name;
    // Of a day that is behind pace.
    bool daemon_tells;
    // The day of which it was said that it is behind pace.
    char said_pace_of[DATE_TEXT_SIZE];
    // The days on which each was sent last.
    char pace_on[DATE_TEXT_SIZE];
    char morning_on[DATE_TEXT_SIZE];
    char evening_on[DATE_TEXT_SIZE];
    int64_t unsynced_at;
    int64_t refused;
};

struct reminders *reminders_new(const struct settings *settings, struct notifier *notifier,
                                const char *name)
{
    struct reminders *reminders = calloc(1, sizeof *reminders);
    if (!reminders)
        abort();
    reminders->settings = settings;
    reminders->notifier = notifier;
    reminders->name = name;
    return reminders;
}

void reminders_free(struct reminders *reminders)
{
    free(reminders);
}

// Whether something of that minute is to be sent now; once a day. fresh: what is at hand is of
// today.
static bool is_due(int minute, const struct office_time *now, bool fresh,
                   char sent_on[DATE_TEXT_SIZE])
{
    if (minute < 0 || now->minute < minute + (fresh ? 0 : FRESH_WAIT) ||
        now->minute >= minute + LATE_MOST || strcmp(sent_on, now->date) == 0)
        return false;
    memcpy(sent_on, now->date, DATE_TEXT_SIZE);
    return true;
}

static void send(const struct reminders *reminders, const char *text)
{
    if (text)
        notice_send(reminders->notifier, reminders->name, NOTICE_REMINDER, text);
}

static void remind_of_pace(struct reminders *reminders, const char *text, const char *date)
{
    if (text)
        snprintf(reminders->said_pace_of, sizeof reminders->said_pace_of, "%s", date);
    send(reminders, text);
}

// A brief, and as of when it is where that is a while ago.
static void send_brief(const struct reminders *reminders, struct arena *arena, const char *text,
                       const char *zone, int64_t came_ns)
{
    struct device_instant now;
    struct office_time came = office_time_at(zone, came_ns / NANOSECONDS);
    device_clock_now(&now);
    if (now.wall_ns / NANOSECONDS - came.seconds > AGE_SAID_S) {
        const char *when =
            arena_printf(arena, "%s %02d:%02d", came.date, came.minute / 60, came.minute % 60);
        text = arena_printf(arena, "%s\n%s", text, arena_printf(arena, _("As of %s."), when));
    }
    send(reminders, text);
}

static void look_at_day(struct reminders *reminders, struct arena *arena,
                        const struct brief_ground *ground, const struct office_time *now,
                        const char *zone, int64_t came_ns)
{
    const struct settings_times *times = &reminders->settings->times;
    bool fresh = ground->today != NULL;
    if (!reminders->daemon_tells && is_due(times->pace, now, fresh, reminders->pace_on))
        remind_of_pace(reminders, brief_behind_pace(arena, ground->today, NOON_MILLI), now->date);
    if (is_due(times->morning, now, fresh, reminders->morning_on))
        send_brief(reminders, arena, brief_morning(arena, ground), zone, came_ns);
    if (is_due(times->evening, now, fresh, reminders->evening_on))
        send_brief(reminders, arena, brief_evening(arena, ground), zone, came_ns);
}

static void look_at_outbox(struct reminders *reminders, struct arena *arena,
                           const Tiejun__Client__OutboxStatus *outbox,
                           const struct office_time *now)
{
    int64_t patience = reminders->settings->unsynced_hours * HOUR_S;
    if (outbox->refused > reminders->refused)
        send(reminders, arena_printf(arena,
                                     ngettext("%lld fact was refused: tiejun sync rejected",
                                              "%lld facts were refused: tiejun sync rejected",
                                              (unsigned long)outbox->refused),
                                     (long long)outbox->refused));
    reminders->refused = outbox->refused;
    if (patience == 0 || !outbox->waiting_since ||
        now->seconds - outbox->waiting_since->seconds < patience ||
        now->seconds - reminders->unsynced_at < patience)
        return;
    reminders->unsynced_at = now->seconds;
    send(reminders,
         arena_printf(
             arena,
             ngettext("%lld fact has waited for the daemon for more than %d h.",
                      "%lld facts have waited for the daemon, the first for more than %d h.",
                      (unsigned long)outbox->waiting),
             (long long)outbox->waiting, reminders->settings->unsynced_hours));
}

void reminders_look(struct reminders *reminders, struct outbox *outbox, struct copy *copy,
                    bool daemon_tells)
{
    int64_t came;
    struct brief_ground ground;
    struct arena *arena = arena_new(BUDGET);
    if (!arena)
        return;
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = kept_self(copy, arena, &came);
    const char *zone = self ? self->time_zone : NULL;
    struct office_time now = office_time_at(zone, outbox_clock(outbox) / NANOSECONDS);
    reminders->daemon_tells = daemon_tells;
    // Where nothing was synced yet there is nothing to say of a day.
    if (brief_ground_kept(copy, outbox, arena, now.date, &ground, &came))
        look_at_day(reminders, arena, &ground, &now, zone, came);
    if (ground.outbox)
        look_at_outbox(reminders, arena, ground.outbox, &now);
    arena_free(arena);
}

bool reminders_said_pace(const struct reminders *reminders, const char *date)
{
    return strcmp(reminders->said_pace_of, date) == 0;
}
