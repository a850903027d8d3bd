// Fills the copy (copy.h) with what a person needs without the centre: who one is; today and the
// day before against the standard; one's own customers and open deals (own_sets.h); how this month
// stands against its goal, of all that one leads or of oneself; and for who leads, today and the
// day before of those below. What the daemon answers as before is not sent again.
#pragma once

#include "client/lib/copy.h"
#include "client/lib/session.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/org.pb-c.h"
#include "tiejun/v1/pace.pb-c.h"
#include "tiejun/v1/report.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct refresh;

// A refresh of all of it, a call at a time, for who sends them himself. copy may be NULL, and must
// stay for as long.
struct refresh *refresh_new(struct copy *copy);
void refresh_free(struct refresh *refresh);

struct refresh_call {
    const char *method;
    const ProtobufCMessage *request;
    // As of session_renew; NULL when the answer is not kept as such.
    struct session_digest *digest;
};

// What to ask next, good until it is answered; NULL when all of it has come.
const struct refresh_call *refresh_next(struct refresh *refresh);
// Takes the answer in, as session_renew gives it. False when there is no going on: the session
// broke, the daemon refused or, with error saying so, the copy cannot be written; what came before
// is kept.
bool refresh_take(struct refresh *refresh, enum session_result result,
                  const ProtobufCMessage *response, struct session_error *error);

// The whole of it, waiting for each answer. False when the session broke, the daemon refused or the
// copy cannot be written; what came before is kept.
bool refresh_copy(struct copy *copy, struct session *session, struct session_error *error);
// Who one is and today alone.
bool refresh_day(struct copy *copy, struct session *session, struct session_error *error);

// The day before that one, YYYY-MM-DD, which is kept as well; in the arena. NULL when there is
// none.
const char *day_before(struct arena *arena, const char *today);

// What is kept, in the arena, with when it came (copy.h); NULL when there is none.
Tiejun__V1__SessionServiceWhoAmIResponse *kept_self(struct copy *copy, struct arena *arena,
                                                    int64_t *came_ns);
// Of that day; NULL: the last one there is.
Tiejun__V1__FactServiceShowDayResponse *kept_day(struct copy *copy, struct arena *arena,
                                                 const char *date, int64_t *came_ns);
// This month's revenue, with what is right below a unit, worst first.
Tiejun__V1__PaceServiceShowResponse *kept_pace(struct copy *copy, struct arena *arena,
                                               int64_t *came_ns);
// One day of all that one leads: of the units right below, or of the people of a team.
Tiejun__V1__ReportServiceRollupResponse *kept_scope_day(struct copy *copy, struct arena *arena,
                                                        const char *date, int64_t *came_ns);
