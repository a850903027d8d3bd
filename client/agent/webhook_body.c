#include "client/agent/webhook_body.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNATURE_SIZE                                                                             \
    sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL)

bool webhook_form_named(const char *name, enum webhook_form *form)
{
    static const char *const names[] = {"dingtalk", "wecom", "feishu"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *form = (enum webhook_form)i;
            return true;
        }
    }
    return false;
}

static bool is_signed(const struct webhook *webhook)
{
    return webhook->secret && *webhook->secret;
}

static void sign(const char *key, const char *text, char signature[SIGNATURE_SIZE])
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const uint8_t *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2base64(signature, SIGNATURE_SIZE, mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL);
}

// "TIME\nSECRET", to be freed.
static char *timed_secret(const struct webhook *webhook, int64_t time)
{
    char *text;
    if (asprintf(&text, "%lld\n%s", (long long)time, webhook->secret) < 0)
        abort();
    return text;
}

// Of base64's characters these three mean something in an address.
static void escape(const char *signature, char *out)
{
    for (; *signature; signature++) {
        if (strchr("+/=", *signature))
            out += sprintf(out, "%%%02X", (unsigned char)*signature);
        else
            *out++ = *signature;
    }
    *out = '\0';
}

char *webhook_url(const struct webhook *webhook, int64_t now_ms)
{
    char signature[SIGNATURE_SIZE];
    char escaped[3 * SIGNATURE_SIZE];
    char *url;
    if (webhook->form != WEBHOOK_DINGTALK || !is_signed(webhook))
        return strdup(webhook->url);
    char *text = timed_secret(webhook, now_ms);
    sign(webhook->secret, text, signature);
    free(text);
    escape(signature, escaped);
    if (asprintf(&url, "%s&timestamp=%lld&sign=%s", webhook->url, (long long)now_ms, escaped) < 0)
        abort();
    return url;
}

// The first line, and the rest below it.
static json_t *title_of(const char *text)
{
    return json_stringn(text, strcspn(text, "\n"));
}

// Lines of markdown that stay lines: the robots join what is not a paragraph of its own.
static char *paragraphs(const char *text)
{
    char *out = malloc(2 * strlen(text) + 1);
    char *end = out;
    if (!out)
        abort();
    for (; *text; text++) {
        *end++ = *text;
        if (*text == '\n')
            *end++ = '\n';
    }
    *end = '\0';
    return out;
}

static json_t *dingtalk_body(const struct webhook *webhook, const char *text, const char *marked)
{
    if (webhook->markdown)
        return json_pack("{s:s, s:{s:o, s:s}}", "msgtype", "markdown", "markdown", "title",
                         title_of(text), "text", marked);
    return json_pack("{s:s, s:{s:s}}", "msgtype", "text", "text", "content", text);
}

static json_t *wecom_body(const struct webhook *webhook, const char *text, const char *marked)
{
    const char *type = webhook->markdown ? "markdown" : "text";
    return json_pack("{s:s, s:{s:s}}", "msgtype", type, type, "content",
                     webhook->markdown ? marked : text);
}

static json_t *feishu_body(const struct webhook *webhook, const char *text, const char *marked)
{
    if (webhook->markdown)
        return json_pack("{s:s, s:{s:{s:{s:s, s:o}}, s:[{s:s, s:s}]}}", "msg_type", "interactive",
                         "card", "header", "title", "tag", "plain_text", "content", title_of(text),
                         "elements", "tag", "markdown", "content", marked);
    return json_pack("{s:s, s:{s:s}}", "msg_type", "text", "content", "text", text);
}

static void sign_feishu(const struct webhook *webhook, json_t *body, int64_t now_ms)
{
    char signature[SIGNATURE_SIZE];
    char seconds[32];
    char *key = timed_secret(webhook, now_ms / 1000);
    sign(key, "", signature);
    free(key);
    snprintf(seconds, sizeof seconds, "%lld", (long long)now_ms / 1000);
    json_object_set_new(body, "timestamp", json_string(seconds));
    json_object_set_new(body, "sign", json_string(signature));
}

char *webhook_body(const struct webhook *webhook, const char *text, int64_t now_ms)
{
    static json_t *(*const bodies[])(const struct webhook *, const char *, const char *) = {
        [WEBHOOK_DINGTALK] = dingtalk_body,
        [WEBHOOK_WECOM] = wecom_body,
        [WEBHOOK_FEISHU] = feishu_body,
    };
    char *marked = paragraphs(text);
    json_t *body = bodies[webhook->form](webhook, text, marked);
    free(marked);
    if (!body)
        abort();
    if (webhook->form == WEBHOOK_FEISHU && is_signed(webhook))
        sign_feishu(webhook, body, now_ms);
    char *packed = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    if (!packed)
        abort();
    return packed;
}
