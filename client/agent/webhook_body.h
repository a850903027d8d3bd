// Messages in the form that group robots take, and their signatures. Pure.
//
// DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access (signature: HMAC-SHA256
// with the secret over "TIMESTAMP_MS\nSECRET", in base64, in the address)
// WeCom: https://developer.work.weixin.qq.com/document/path/91770 (the key in the address is all)
// Feishu: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (signature: HMAC-SHA256
// with "TIMESTAMP_S\nSECRET" as the key over nothing, in base64, in the body)
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum webhook_form { WEBHOOK_DINGTALK, WEBHOOK_WECOM, WEBHOOK_FEISHU };

struct webhook {
    enum webhook_form form;
    // Markdown, else plain text.
    bool markdown;
    const char *url;
    // NULL or empty: not signed.
    const char *secret;
};

// "dingtalk", "wecom", "feishu". False for another word.
bool webhook_form_named(const char *name, enum webhook_form *form);

// The address to post to at that time, in milliseconds since 1970. To be freed by the caller.
char *webhook_url(const struct webhook *webhook, int64_t now_ms);

// The body, JSON; text may have several lines, the first of which is the title of a markdown
// message. To be freed by the caller.
char *webhook_body(const struct webhook *webhook, const char *text, int64_t now_ms);
