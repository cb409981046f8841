/* demo_account.c: see demo_account.h. */
#include "app/demo_account.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "edge/secret/secret.h"
#include "edge/store/file.h"

enum { SECRET_BYTES = 24, WORD_MIN = 16, WORD_MAX = 128, FILE_MAX = 4096 };

typedef enum { FILE_MISSING, FILE_DAMAGED, FILE_WHOLE } state_t;

typedef struct {
    char key[WORD_MAX + 1], secret[WORD_MAX + 1];
} pair_t;

typedef struct {
    char path[FILE_PATH_MAX];
    state_t state;
    pair_t pair;
} kept_t;

static bool take_word(str_t word, char out[WORD_MAX + 1])
{
    for (size_t i = 0; i < word.length; i++) {
        const char c = word.bytes[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return false;
    }
    return word.length >= WORD_MIN && str_copy(word, out, WORD_MAX + 1) == RESULT_OK;
}

/* The first line that begins with `prefix` holds KEY:SECRET behind it, and in the account's file an asset behind that. */
static state_t read_pair(const char *path, str_t prefix, pair_t *pair)
{
    char text[FILE_MAX];
    size_t length = 0;
    const result_t result = file_read_whole(path, text, sizeof text, &length);
    state_t state = result == RESULT_NOT_FOUND ? FILE_MISSING : FILE_DAMAGED;
    str_t rest = {text, result == RESULT_OK ? length : 0};
    while (state == FILE_DAMAGED && rest.length > 0) {
        str_t line = str_trim(str_cut(&rest, '\n'));
        if (line.length < prefix.length || memcmp(line.bytes, prefix.bytes, prefix.length) != 0)
            continue;
        line = (str_t){line.bytes + prefix.length, line.length - prefix.length};
        const str_t key = str_cut(&line, ':'), secret = str_cut(&line, ':');
        if (take_word(key, pair->key) && take_word(secret, pair->secret) && (line.length > 0) == (prefix.length > 0))
            state = FILE_WHOLE;
    }
    secret_wipe_bytes(text, sizeof text);
    return state;
}

static result_t write_keys(const kept_t *file, const pair_t *pair)
{
    char text[2 * WORD_MAX + 8];
    const int length = snprintf(text, sizeof text, "%s:%s\n", pair->key, pair->secret);
    const result_t result = file_write_whole(file->path, text, (size_t)length, 0600);
    secret_wipe_bytes(text, sizeof text);
    return result;
}

static result_t write_account(const kept_t *file, const pair_t *pair, dec_t balance)
{
    char text[2 * WORD_MAX + DEC_TEXT_MAX + 32], amount[DEC_TEXT_MAX];
    dec_format(balance, amount);
    const int length = snprintf(text, sizeof text, "demo:%s:%s:USDT=%s\n", pair->key, pair->secret, amount);
    const result_t result = file_write_whole(file->path, text, (size_t)length, 0600);
    secret_wipe_bytes(text, sizeof text);
    return result;
}

static result_t make_pair(pair_t *pair)
{
    uint8_t random[2 * SECRET_BYTES];
    const result_t result = secret_random(random, sizeof random);
    for (size_t i = 0; result == RESULT_OK && i < SECRET_BYTES; i++) {
        (void)snprintf(pair->key + 2 * i, 3, "%02x", random[i]);
        (void)snprintf(pair->secret + 2 * i, 3, "%02x", random[SECRET_BYTES + i]);
    }
    secret_wipe_bytes(random, sizeof random);
    return result;
}

/* A damaged file may hold more than was made here (accounts that somebody added): it is set aside, not overwritten. */
static void set_aside(const kept_t *file, char *said)
{
    char aside[FILE_PATH_MAX + 16];
    (void)snprintf(aside, sizeof aside, "%s.damaged", file->path);
    if (file->state == FILE_DAMAGED && rename(file->path, aside) == 0)
        (void)snprintf(said, DEMO_ACCOUNT_ERROR_MAX, "%.250s was damaged: set aside as %.280s, and made again", file->path, aside);
    else if (file->state == FILE_MISSING)
        (void)snprintf(said, DEMO_ACCOUNT_ERROR_MAX, "%.400s was gone: made again", file->path);
}

/* The exchange has kept something; an empty folder, or a link to one, has been made for it by somebody. */
static bool world_stands(const char *data_folder)
{
    char path[FILE_PATH_MAX];
    DIR *folder = file_path_join(data_folder, "exchange", path, sizeof path) == RESULT_OK ? opendir(path) : NULL;
    if (folder == NULL)
        return false;
    bool stands = false;
    for (const struct dirent *entry = readdir(folder); entry != NULL && !stands; entry = readdir(folder))
        stands = entry->d_name[0] != '.';
    (void)closedir(folder);
    return stands;
}

static result_t keep(const char *data_folder, kept_t *keys, kept_t *account, dec_t balance, char *said)
{
    const bool whole = keys->state == FILE_WHOLE || account->state == FILE_WHOLE;
    if (keys->state == FILE_WHOLE && account->state == FILE_WHOLE) {
        if (strcmp(keys->pair.key, account->pair.key) == 0 && strcmp(keys->pair.secret, account->pair.secret) == 0)
            return RESULT_OK;
        (void)snprintf(
            said, DEMO_ACCOUNT_ERROR_MAX,
            "%.200s and %.200s hold different keys: bring back the one that was changed, or remove it: it is made again from "
            "the other",
            keys->path, account->path);
        return RESULT_MALFORMED;
    }
    if (!whole && world_stands(data_folder)) {
        (void)snprintf(
            said, DEMO_ACCOUNT_ERROR_MAX,
            "%.180s and %.180s are gone or damaged, and the exchange of this folder knows the demo account by the key that stood "
            "in them: bring one of them back from a copy (the other is made from it), or begin anew in another folder with "
            "--data",
            keys->path, account->path);
        return RESULT_MALFORMED;
    }
    result_t result = whole ? RESULT_OK : make_pair(&keys->pair);
    const bool is_new = !whole && keys->state == FILE_MISSING && account->state == FILE_MISSING;
    if (result == RESULT_OK && account->state != FILE_WHOLE) {
        set_aside(account, said);
        result = write_account(account, &keys->pair, balance);
    }
    if (result == RESULT_OK && keys->state != FILE_WHOLE) {
        set_aside(keys, said);
        result = write_keys(keys, whole ? &account->pair : &keys->pair);
    }
    if (is_new)
        said[0] = '\0';
    if (result != RESULT_OK)
        (void)snprintf(said, DEMO_ACCOUNT_ERROR_MAX, "%.250s and %.250s cannot be written: %s", keys->path, account->path,
                       result_text(result));
    return result;
}

result_t demo_account_keep(const char *data_folder, dec_t balance, char said[DEMO_ACCOUNT_ERROR_MAX])
{
    kept_t keys = {.state = FILE_MISSING}, account = {.state = FILE_MISSING};
    said[0] = '\0';
    result_t result = file_path_join(data_folder, "run/demo.keys", keys.path, sizeof keys.path);
    if (result == RESULT_OK)
        result = file_path_join(data_folder, "run/demo.account", account.path, sizeof account.path);
    if (result != RESULT_OK) {
        (void)snprintf(said, DEMO_ACCOUNT_ERROR_MAX, "the path of the data folder is too long");
        return result;
    }
    keys.state = read_pair(keys.path, STR(""), &keys.pair);
    account.state = read_pair(account.path, STR("demo:"), &account.pair);
    result = keep(data_folder, &keys, &account, balance, said);
    secret_wipe_bytes(&keys.pair, sizeof keys.pair);
    secret_wipe_bytes(&account.pair, sizeof account.pair);
    return result;
}
