// Notices: what a person is told without having asked.
#include "server/rpc/request.h"

const struct request notice_requests[] = {
    {.method = "tiejun.v1.NoticeService.List",
     .roles = ANYONE,
     .steps = {{"notice_list", NULL}, {"notice_list_lines", "lines"}}},
    {.method = "tiejun.v1.NoticeService.Subscribe",
     .roles = ANYONE,
     .subscribes = true,
     .steps = {{"notice_subscribe", NULL}}},
    {0},
};
