// Posts JSON to robots over the network, by libcurl in the event loop: a robot that does not answer
// holds up nothing. What fails is in the log.
#pragma once

struct event_base;
struct poster;

struct poster *poster_new(struct event_base *base);
// What is under way gets a moment more to get through.
void poster_free(struct poster *poster);

// robot: its name, and who: whose notice it is, for the log; the address holds a key, and stays out
// of it. All are copied.
void poster_post(struct poster *poster, const char *robot, const char *who, const char *url,
                 const char *body);
