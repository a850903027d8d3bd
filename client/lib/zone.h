// The process in another time zone for a moment: mktime, localtime and date_today_local then speak
// of that zone. Not for use from several threads.
#pragma once

// zone: a name such as "Asia/Shanghai"; NULL: the process's own. Returns what zone_leave needs.
char *zone_enter(const char *zone);
void zone_leave(char *before);
