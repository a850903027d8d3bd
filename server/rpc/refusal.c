#include "server/rpc/refusal.h"

#include "common/i18n.h"
#include "common/log.h"

#include <sodium.h>
#include <string.h>

// After which a client may try again what met a busy daemon, at the earliest.
enum { RETRY_MS = 250 };

#define INVALID TIEJUN__V1__STATUS__STATUS_INVALID
#define NOT_FOUND TIEJUN__V1__STATUS__STATUS_NOT_FOUND
#define FORBIDDEN TIEJUN__V1__STATUS__STATUS_FORBIDDEN
#define CONFLICT TIEJUN__V1__STATUS__STATUS_CONFLICT
#define UNAUTHENTICATED TIEJUN__V1__STATUS__STATUS_UNAUTHENTICATED
#define BUSY TIEJUN__V1__STATUS__STATUS_BUSY
#define UNAVAILABLE TIEJUN__V1__STATUS__STATUS_UNAVAILABLE
#define INTERNAL TIEJUN__V1__STATUS__STATUS_INTERNAL
#define UNSUPPORTED TIEJUN__V1__STATUS__STATUS_UNSUPPORTED
#define MALFORMED TIEJUN__V1__STATUS__STATUS_MALFORMED

static const struct refusal refusals[] = {
    // The connection.
    {"frame_too_long", MALFORMED, N_("The frame is longer than %s bytes."),
     N_("Send less at once; lists can be sent in parts.")},
    {"frame_malformed", MALFORMED, N_("These bytes are not a frame of tiejun's protocol."),
     N_("Check that the address is a tiejund and the client is of this version.")},
    {"frame_cut_off", MALFORMED, N_("The last frame ends before its own length."), NULL},
    {"message_malformed", MALFORMED, N_("The message cannot be read: %s."),
     N_("Check that client and daemon are of the same version.")},
    {"hello_missing", MALFORMED, N_("The first frame must be a Hello."), NULL},
    {"hello_twice", MALFORMED, N_("There was a Hello on this connection already."), NULL},
    {"unknown_version", UNSUPPORTED,
     N_("This daemon speaks protocol version %s, and the client asked for %s."),
     N_("Install the client that belongs to the daemon.")},
    {"unknown_device", UNAUTHENTICATED, N_("This device is not known here."),
     N_("Log in with: tiejun login")},
    {"device_ended", UNAUTHENTICATED, N_("This device may not act any more."),
     N_("Log in again with: tiejun login")},
    {"not_logged_in", UNAUTHENTICATED, N_("You have to log in for this."),
     N_("Log in with: tiejun login")},
    {"logged_in_already", CONFLICT, N_("This connection has logged in already."), NULL},
    {"bad_login", UNAUTHENTICATED, N_("Name and password do not belong together."),
     N_("Whoever has forgotten the password is invited anew: tiejun person invite")},
    {"wrong_password", FORBIDDEN, N_("The present password is another one."), NULL},
    {"bad_code", UNAUTHENTICATED, N_("This code is not good, or not any more."),
     N_("Ask for a new one: an administrator makes it with tiejun person invite.")},
    {"code_taken", CONFLICT, N_("This code is another person's."), N_("Make a new one.")},
    {"too_many_tries", BUSY, N_("There were too many tries. Try again in %s s."),
     N_("A device that is logged in is not held up.")},
    {"password_short", INVALID, N_("A password has at least 10 characters."),
     N_("Three or four words that nobody would guess are easy to remember.")},
    {"password_long", INVALID, N_("A password has at most 1024 bytes."), NULL},
    {"password_obvious", INVALID, N_("This password is among the first that anybody would try."),
     N_("Three or four words that nobody would guess are easy to remember.")},
    {"unknown_device_id", NOT_FOUND, N_("%s has no device %s."),
     N_("List them with: tiejun device list")},
    {"unknown_method", UNSUPPORTED, N_("There is no method \"%s\"."),
     N_("List them with: tiejun call --list")},
    {"request_without_id", MALFORMED, N_("A request needs an id other than 0."), NULL},
    {"busy", BUSY, N_("The daemon has too much to do at the moment."), N_("Try again shortly.")},
    {"stopping", UNAVAILABLE, N_("The daemon is stopping."), N_("Try again shortly.")},
    {"database_away", UNAVAILABLE, N_("The database does not answer."),
     N_("Try again shortly; sending the same fact twice is safe.")},
    {"too_slow", UNAVAILABLE, N_("The database took too long over this, and gave it up."),
     N_("Ask for a smaller unit or a shorter range, or try again later.")},
    {"too_many_entries", INVALID, N_("\"%s\" has %s entries, and a request takes up to %s."),
     N_("Send them in parts.")},
    {"answers_waiting", BUSY, N_("Too many answers wait for this client already."),
     N_("Take them before you ask for more.")},
    {"answer_too_long", INVALID, N_("The answer would be too long."),
     N_("Ask for a smaller unit or a shorter range.")},
    {"internal", INTERNAL, N_("The daemon failed at this request."),
     N_("Its log says why. Nothing was changed.")},
    {"bad_value", INVALID, N_("PostgreSQL cannot take a value: %s."), NULL},
    // People, places, calendars and goals.
    {"missing_field", INVALID, N_("\"%s\" is missing."), NULL},
    {"bad_date", INVALID, N_("\"%s\" is not a date between 1900 and 2199."),
     N_("Write dates as YYYY-MM-DD.")},
    {"dates_reversed", INVALID, N_("The range from %s ends before it begins, on %s."), NULL},
    {"range_too_long", INVALID, N_("From %s to %s is more than ten years."),
     N_("Ask for a shorter range.")},
    {"bad_cursor", INVALID, N_("This page cannot be found any more."),
     N_("Start again from the first page.")},
    {"unknown_unit", NOT_FOUND, N_("There is no unit \"%s\"."),
     N_("List the units with: tiejun org show")},
    {"ambiguous_unit", INVALID, N_("\"%s\" is the name of several units: %s."),
     N_("Name it by its path, such as /West/\"Team 1\".")},
    {"unit_exists", CONFLICT, N_("There is a unit \"%s\" below %s already."), NULL},
    {"unit_not_yet", INVALID, N_("The unit %s exists only since %s."),
     N_("Choose that day or a later one.")},
    {"bad_unit_name", INVALID, N_("\"%s\" cannot be a unit's name."),
     N_("A name has up to 100 characters and no \"/\".")},
    {"bad_locale", INVALID, N_("\"%s\" is not a locale."), N_("Write it as en or zh_CN.")},
    {"bad_currency", INVALID, N_("\"%s\" is not a currency."),
     N_("Write its three capital letters, as in CNY.")},
    {"bad_time_zone", INVALID, N_("There is no time zone \"%s\"."),
     N_("Write it as Asia/Shanghai.")},
    {"bad_kinds", INVALID, N_("\"%s\" is not a list of unit kinds."),
     N_("Write the kinds along the path, as in region/office/team.")},
    {"kind_order", INVALID, N_("A unit of kind %s cannot be below one of kind %s, which %s is."),
     N_("The order is company, region, office, team.")},
    {"company_stays", INVALID, N_("%s is the company itself and cannot be moved."), NULL},
    {"move_below_itself", INVALID, N_("%s cannot be moved below %s, which is part of it."),
     N_("See the tree with: tiejun org show")},
    {"no_home_unit", INVALID, N_("You belong to no unit, so the unit must be named."),
     N_("List the units with: tiejun org show")},
    {"unknown_person", NOT_FOUND, N_("There is no person \"%s\"."),
     N_("List the people with: tiejun person list")},
    {"ambiguous_person", INVALID, N_("\"%s\" is the name of several people: %s."),
     N_("Name the person by the handle.")},
    {"bad_handle", INVALID, N_("\"%s\" cannot be a handle."),
     N_("A handle has up to 64 characters, without spaces, commas and \"/\".")},
    {"bad_name", INVALID, N_("\"%s\" cannot be a person's name."),
     N_("A name is one line of up to 200 characters.")},
    {"handle_taken", CONFLICT, N_("The handle \"%s\" is taken."),
     N_("See by whom with: tiejun person list")},
    {"not_yet_member", INVALID, N_("%s belongs to the company only since %s."),
     N_("Choose a later day.")},
    {"facts_since", CONFLICT, N_("%s has facts up to %s, which belong to the office of their day."),
     N_("Choose a day after that one.")},
    {"rep_needs_no_grant", INVALID,
     N_("Everybody is a rep in the unit they belong to: this role is not granted."),
     N_("Change the unit with: tiejun person move")},
    {"bad_token_hash", INVALID, N_("A token hash has 32 bytes."), NULL},
    {"device_taken", CONFLICT,
     N_("This device is known already, as another person's or as revoked."),
     N_("Make a new token for it.")},
    {"already_initialised", CONFLICT, N_("This database has its company already."), NULL},
    {"forbidden", FORBIDDEN, N_("You have no right to do this with %s."),
     N_("See your roles with: tiejun whoami")},
    {"role_not_held", NOT_FOUND, N_("%s does not hold that role on %s in that time."),
     N_("See who does with: tiejun org show")},
    {"role_held_already", CONFLICT, N_("%s has that role on %s already."), NULL},
    {"role_missing", FORBIDDEN, N_("You hold no role that may do this."),
     N_("See your roles with: tiejun whoami")},
    {"unknown_metric", NOT_FOUND, N_("There is no metric \"%s\". There are: %s."),
     N_("See what they count with: tiejun metric list")},
    {"bad_factor", INVALID, N_("A factor of %s for %s is not between 0 and 1000."),
     N_("A day off is 0, half a day 500, a working day 1000.")},
    {"bad_week", INVALID, N_("A weekday mask of %s is not between 0 and 127."),
     N_("Bit 0 is Monday: 31 is Monday to Friday.")},
    {"company_week", INVALID, N_("%s is the company itself and inherits no working week."),
     N_("Say which weekdays are worked.")},
    {"bad_away", INVALID, N_("Leave of %s thousandths of a day is not between 1 and 1000."),
     N_("Half a day is 500.")},
    {"no_leave", NOT_FOUND, N_("%s has no leave between %s and %s."),
     N_("See who is away with: tiejun leave list")},
    {"negative_target", INVALID, N_("A target of %s is below 0."), NULL},
    {"currency_of_count", INVALID, N_("%s are counted and have no currency."),
     N_("Leave the currency out.")},
    {"unit_or_person", INVALID, N_("A goal is that of one unit or of one person."),
     N_("Name one of them.")},
    {"unknown_goal", NOT_FOUND, N_("%s has no goal for %s from %s to %s."),
     N_("See the goals that it has with: tiejun goal show")},
    {"goal_not_set", CONFLICT, N_("The goal does not exist, so it has no version %s."),
     N_("See the goals that exist with: tiejun goal show")},
    {"goal_changed", CONFLICT,
     N_("The goal of %s was changed meanwhile, by %s on %s: from %s to %s. It is at version %s "
        "now, "
        "and yours was not written."),
     N_("Look at it with tiejun goal show, and say again what you want.")},
    {"goal_twice", INVALID, N_("This goal comes twice in the same file."), NULL},
    {"goal_has_history", CONFLICT,
     N_("This goal is there already, with %s versions that are not these."),
     N_("What is there is never written anew. To change it, import a file without versions.")},
    {"versions_not_whole", INVALID, N_("Here version %s of this goal should stand."),
     N_("The versions of a goal stand together, from 1 on.")},
    {"history_by_director", FORBIDDEN,
     N_("Only a director of the whole company imports goals with their history."),
     N_("Import a file without versions: then you are who made the goals.")},
    {"bad_cell", INVALID, N_("\"%s\" cannot be a goal's %s."), NULL},
    {"no_such_version", NOT_FOUND, N_("There is no version %s of the goal; it has %s."),
     N_("List them with: tiejun goal history")},
    {"not_under_way", INVALID, N_("The goal of %s, from %s to %s, is not under way today."),
     N_("One that has not begun is split; one that is over stays as it was.")},
    {"stated_rebalance", INVALID, N_("A re-balance takes no stated weights."),
     N_("Use capacity, headcount, history or equal.")},
    {"headcount_along", INVALID, N_("Along time there is no headcount to split by."),
     N_("Use capacity, equal, history or stated.")},
    {"bad_rate", INVALID, N_("\"%s\", rate %s of the list, is no exchange rate."),
     N_("Write it in decimals above 0, as in 7.1235.")},
    {"nothing_below", INVALID, N_("%s has no units and no reps to split a goal over."),
     N_("See the tree with: tiejun org show")},
    // From goals to days.
    {"no_revenue_goal", NOT_FOUND, N_("%s has no revenue goal for %s to %s."),
     N_("Set one with tiejun goal set, or try one out: --what-if target=AMOUNT")},
    {"period_over", INVALID, N_("The period from %s to %s is over."),
     N_("Choose one that is under way, or look at the past with --as-of.")},
    {"day_to_come", INVALID, N_("%s is still to come: today is %s."),
     N_("Choose today or a day that has passed.")},
    {"unknown_number", INVALID, N_("\"%s\" is no number of the chain. There are: %s."), NULL},
    {"bad_number", INVALID, N_("%s cannot be %s."),
     N_("Rates lie above 0 and up to 100 %, days and amounts at 0 or above.")},
    {"unknown_topic", NOT_FOUND, N_("There are no notices of \"%s\". There are: %s."), NULL},
    {"unknown_setting", NOT_FOUND, N_("There is no setting \"%s\". There are: %s."),
     N_("See them with: tiejun setting show")},
    {"bad_setting", INVALID, N_("\"%s\" cannot be %s, which is by default %s."),
     N_("Numbers are whole and at least 0; lists are written [\"a\", \"b\"].")},
    {"setting_out_of_range", INVALID, N_("%s cannot be %s: it goes from %s to %s."), NULL},
    // Higher goals and competitors.
    {"unknown_objective", NOT_FOUND, N_("There is no objective #%s."),
     N_("List them with: tiejun objective list")},
    {"objective_of_others", FORBIDDEN,
     N_("Objective #%s is for those who lead its unit to change."),
     N_("Say what you think of it with: tiejun objective checkin")},
    {"objective_closed", CONFLICT, N_("Objective #%s was closed on %s."),
     N_("Add a new one with: tiejun objective add")},
    {"bad_key_result", INVALID,
     N_("The key result \"%s\" has no title, or does not lead anywhere."),
     N_("A number goes from one value to another.")},
    {"unknown_key_result", NOT_FOUND, N_("Objective #%s has no key result %s."),
     N_("See them with: tiejun objective show")},
    {"counts_itself", INVALID, N_("\"%s\" counts itself from what is logged."),
     N_("Leave the value out; a note can always be added.")},
    {"reached_or_not", INVALID, N_("The milestone \"%s\" is reached or not."),
     N_("Say that it is with --reached.")},
    {"no_mentors_yet", INVALID,
     N_("Nobody's mentors are recorded yet, so mentees cannot be counted."),
     N_("Check a number in by hand until then: --number \"mentees up a tier=0..3\"")},
    {"no_competitor", INVALID, N_("A sighting says which competitor was seen."), NULL},
    {"bad_outcome", INVALID, N_("\"%s\" is no outcome against a competitor."),
     N_("Write won, lost or open; left out, it is what becomes of the deal.")},
    // Facts, customers, deals and reports.
    {"unknown_customer", NOT_FOUND, N_("No customer \"%s\" is registered."),
     N_("List them with: tiejun customer list")},
    {"ownership_conflict", CONFLICT, N_("\"%s\" is registered to somebody else already."),
     N_("The supervisor above both of you decides whose customer it is.")},
    {"unknown_deal", NOT_FOUND, N_("There is no deal %s."), N_("List them with: tiejun deal list")},
    {"ambiguous_deal", INVALID, N_("Several deals have ids that end in %s."),
     N_("Give the whole id, which you find with: tiejun deal list --ids")},
    {"deal_of_another", INVALID, N_("Deal %s belongs to somebody else."),
     N_("Leave the deal out, or log the fact for its own person.")},
    {"deal_of_another_customer", INVALID, N_("Deal %s is with another customer than \"%s\"."),
     N_("Name the customer of the deal, or leave it out.")},
    {"deal_signed", CONFLICT, N_("Deal %s is signed already."),
     N_("A wrong signing is taken back by voiding its fact.")},
    {"deal_lost", CONFLICT, N_("Deal %s is lost already."),
     N_("A signing on it opens it again; so does a new deal.")},
    {"deal_twice", INVALID, N_("Deal %s comes twice in the same batch."),
     N_("Send its second row later.")},
    {"signed_by_fact_only", INVALID, N_("A deal is signed by a signing alone."),
     N_("Send the deal as open, and log the signing with its amount.")},
    {"closed_before_opened", INVALID, N_("The deal was opened on %s and cannot end on %s."), NULL},
    {"negative_value", INVALID, N_("The value of a deal cannot be below zero."), NULL},
    {"bad_id", INVALID, N_("\"%s\" is no UUID."),
     N_("An id has 36 characters: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")},
    {"no_kind", INVALID, N_("A fact needs a kind."), NULL},
    {"not_a_void", INVALID, N_("Only a void names a fact to take back."),
     N_("Send the void, then the right fact.")},
    {"nothing_to_void", NOT_FOUND, N_("There is no fact %s of this person to take back."),
     N_("List them with: tiejun call FactService.List")},
    {"voided_already", CONFLICT, N_("Fact %s was taken back already."), NULL},
    {"not_a_member_then", INVALID, N_("%s belonged to no unit on %s."),
     N_("Show where people belong with: tiejun person list")},
    {"fact_declined", INVALID, N_("%s declined it: %s"), NULL},
    {"nothing_pending", NOT_FOUND, N_("No fact %s of this person waits for an approval."),
     N_("List them with: tiejun fact pending")},
    {"in_future", INVALID, N_("%s is still to come."),
     N_("What happened is logged when it has; an appointment's time goes into scheduled_at.")},
    {"no_customer", INVALID, N_("This kind of fact needs a customer."), NULL},
    {"no_amount", INVALID, N_("A signing or payment needs an amount above zero."), NULL},
    {"unknown_fact", NOT_FOUND, N_("There is no fact %s on this deal."), NULL},
    // Splits (domain.md 2.3).
    {"unknown_child", NOT_FOUND, N_("\"%s\" is not right below that unit."),
     N_("See what is with: tiejun goal show")},
    {"unknown_part", NOT_FOUND, N_("\"%s\" is no part of that period."),
     N_("Name the parts as 2026-Q1, 2026-01, 2026-W05 or 2026-01-31.")},
    {"stated_deep", INVALID, N_("Stated weights go with one level, not with the whole tree."),
     N_("Split level by level, or by another method.")},
    {"no_weight_for_child", INVALID, N_("%s has no weight."),
     N_("State a weight for every child, 0 for one that gets nothing.")},
    {"no_weight", INVALID,
     N_("Below %s nobody has a weight above 0, so there is nobody to give the goal to."),
     N_("Split equally, or state the weights.")},
    {"no_weight_along", INVALID,
     N_("No part of the period has a weight above 0, so there is none to give the goal to."),
     N_("By capacity parts weigh as they have working days, by history as the same time a year "
        "before. Split equally, or state the weights.")},
    {"negative_figure", INVALID, N_("A weight or a target of %s is below 0."), NULL},
    {"one_part", INVALID,
     N_("%s to %s lies in one part of that kind, so there is nothing to split."),
     N_("Split it along shorter parts.")},
    {"bad_season", INVALID, N_("\"%s\" is no season."),
     N_("Write a month or the beginning of a date: 11, 2026-11 or 2026-11-11.")},
    {"locked_exceed", CONFLICT, N_("What is locked or done below %s exceeds it by %s."),
     N_("Unlock one, or raise the parent.")},
    {"locked_short", CONFLICT, N_("What is locked below %s leaves %s of it to nobody."),
     N_("Unlock one, or lower the parent.")},
    {"bad_stretch", INVALID, N_("The goal cannot be stretched by %s thousandths."),
     N_("A stretch is 0 or more: 100 is a tenth more.")},
};

const struct refusal *refusal_find(const char *code)
{
    const struct refusal *internal = NULL;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strcmp(refusals[i].code, code) == 0) {
            return &refusals[i];
        }
        if (strcmp(refusals[i].code, "internal") == 0) {
            internal = &refusals[i];
        }
    }
    log_event(LOG_LEVEL_ERROR, NULL, NULL, "refusal without a sentence: %s", code);
    return internal;
}

// The part at *arguments, which moves behind it.
static char *next_part(struct arena *arena, const char **arguments)
{
    const char *start = *arguments ? *arguments : "";
    const char *end = strchrnul(start, REFUSAL_SEPARATOR);
    *arguments = *end ? end + 1 : end;
    return arena_printf(arena, "%.*s", (int)(end - start), start);
}

const char *refusal_sentence(struct arena *arena, const struct refusal *refusal,
                             const char *arguments, const char *language)
{
    const char *form = i18n_in(language, refusal->sentence);
    const char *sentence = "";
    for (const char *mark; sentence && (mark = strstr(form, "%s")); form = mark + 2) {
        const char *part = next_part(arena, &arguments);
        sentence =
            arena_printf(arena, "%s%.*s%s", sentence, (int)(mark - form), form, part ? part : "");
    }
    return sentence ? arena_printf(arena, "%s%s", sentence, form) : NULL;
}

Tiejun__V1__Error *refusal_error(struct arena *arena, const struct refusal *refusal,
                                 const char *field, const char *arguments, const char *language)
{
    Tiejun__V1__Error *error = arena_alloc(arena, sizeof *error);
    if (!error) {
        return NULL;
    }
    tiejun__v1__error__init(error);
    error->code = (char *)refusal->code;
    error->message = (char *)refusal_sentence(arena, refusal, arguments, language);
    error->field = field ? arena_strdup(arena, field) : NULL;
    error->hint = refusal->hint ? (char *)i18n_in(language, refusal->hint) : NULL;
    if (refusal->status == BUSY) {
        // Not all at the same moment.
        error->has_retry_after_ms = true;
        error->retry_after_ms = RETRY_MS + randombytes_uniform(RETRY_MS);
    }
    return error;
}
