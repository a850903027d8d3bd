// What several verbs of tiejun goal read from the command line.
#pragma once

#include "common/i18n.h"
#include "common/options.h"
#include "tiejun/v1/goal.pb-c.h"

struct context;

#define GOAL_CHANGE_OPTIONS                                                                        \
    {"reason", 0, OPTION_STRING, N_("TEXT"), N_("Why, kept with the version")},                    \
    {                                                                                              \
        "if-version", 0, OPTION_INTEGER, N_("N"), N_("Only when this is still its version")        \
    }

// The period that a goal is for; ends the program with COMMAND_USAGE without one.
void goal_range(struct context *context, const struct options *options, char **from, char **to);

// NULL for metrics that count. A unit's goals are in the unit's own money.
char *goal_currency(struct context *context, const struct options *options, const char *metric,
                    const char *unit);

// --if-version.
void goal_version(const struct options *options, protobuf_c_boolean *has, int32_t *version);

// "7.5" or "7.5%" to 75 thousandths; at most ten times the target.
int32_t goal_read_stretch(const char *text);

// Of the factor of a season.
#define SEASON_DECIMALS 3

// The values of an option, NAME=N each, of so many decimals at most.
Tiejun__V1__StatedWeight **goal_read_weights(struct context *context, const struct options *options,
                                             const char *option, int decimals, size_t *count);

// Seasons as a goal keeps them, "11=1500 12=2000" in thousandths, as they are written on the
// command line: "11=1.5 12=2". Returns out.
const char *goal_seasons_text(const char *seasons, char *out, size_t size);

// --last, the periods that --by history looks back on; refused with any other method.
void goal_periods(const struct options *options, Tiejun__V1__SplitMethod method,
                  protobuf_c_boolean *has, int32_t *periods);

// --by, or what is split by when it is not said: weights, of which so many are given, are stated,
// and only with them.
Tiejun__V1__SplitMethod goal_read_method(const struct options *options, size_t weights,
                                         Tiejun__V1__SplitMethod usual);
