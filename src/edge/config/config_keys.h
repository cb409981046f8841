/* config_keys.h: the table of all keys. To add one: a member in config_t, a row in config_keys.c, a line in patriot.yaml. */
#pragma once

#include "edge/config/config.h"

typedef enum {
    CONFIG_TYPE_TEXT,
    CONFIG_TYPE_SECRET,
    CONFIG_TYPE_SWITCH,     /* yes or no: config_switch_t */
    CONFIG_TYPE_WORD,       /* one of a row's words: an enumeration */
    CONFIG_TYPE_WHOLE32,    /* uint32_t */
    CONFIG_TYPE_WHOLE64,    /* uint64_t */
    CONFIG_TYPE_DECIMAL,    /* dec_t */
    CONFIG_TYPE_PERCENT,    /* dec_t; "2" and "2 %" are the same */
    CONFIG_TYPE_REAL,       /* double */
    CONFIG_TYPE_DURATION,   /* int64_t ns; "250ms" "30s" "15m" "4h" "2d"; a plain number is seconds */
    CONFIG_TYPE_SYMBOLS,    /* list */
    CONFIG_TYPE_TIMEFRAMES, /* list */
    CONFIG_TYPE_STRATEGIES, /* list */
    CONFIG_TYPE_LADDER,     /* "80/80/50" rows, separated by commas; "none" */
    CONFIG_TYPE_REGIMES,    /* "volatile SC01 off" rows, separated by commas; "none" */
    CONFIG_TYPE_TIERS,      /* "0.7/8/5" rows: confidence, cost, leverage */
} config_type_t;

enum {
    CONFIG_KEY_RISK = 1,    /* must be written out in live and production */
    CONFIG_KEY_RESTART = 2, /* a change takes effect at the next start */
    CONFIG_KEY_FIXED = 4,   /* cannot be changed by a reload at all */
    CONFIG_KEY_LIVE = 8,    /* not a risk value, yet must be written out in live */
    CONFIG_KEY_LATER = 16,  /* read and checked, and without effect in this version: whoever sets it is told */
};

typedef struct {
    const char *path;
    const char *environment;
    config_type_t type;
    uint32_t flags;
    size_t offset, size;    /* in config_t */
    const char *low, *high; /* inclusive, as texts of the type; NULL: no bound */
    const char *words;      /* CONFIG_TYPE_WORD: "isolated=1 crossed=2 cross=2"; the first name of a number is the one shown */
    const char *value_default;
    const char *about;
} config_key_t;

extern const config_key_t config_keys[];
extern const size_t config_keys_count;

/* How a value under an old name becomes a value of ours. */
typedef enum {
    CONFIG_AS_IT_IS,
    CONFIG_FRACTION, /* 0.02 -> 2 % */
    CONFIG_MINUTES,  /* 15 -> 15m */
} config_change_of_form_t;

typedef struct {
    const char *name; /* environment name, or path in a YAML file (has a dot or is lower case) */
    const char *path; /* of the key it stands for */
    config_change_of_form_t form;
} config_alias_t;

extern const config_alias_t config_aliases[];
extern const size_t config_aliases_count;

/* Names of the old systems that are known, accepted and not used by this version: a note, not a warning. Ends with '.' or '_': a
 * prefix. */
extern const char *const config_reserved[];
extern const size_t config_reserved_count;

/* Index of the key that a YAML path or an environment name means; config_keys_count when there is none. */
size_t config_key_by_path(const char *path, config_change_of_form_t *form);
size_t config_key_by_environment(const char *name, config_change_of_form_t *form);
bool config_is_reserved(const char *name);

/* What to do about a name of ours that earlier versions read and this one does not; NULL: it is none. */
const char *config_retired_fix(const char *name);

/* The known name (path or environment name, as asked) spelt most alike; NULL when nothing is near. */
const char *config_nearest_path(const char *path);
const char *config_nearest_environment(const char *name);

/* --- values ----------------------------------------------------------------------------------- */

/* Reads text into the key's place in config. On failure config is untouched and why/fix say what is wrong (never the text of a
 * secret). */
result_t config_value_read(const config_key_t *key, const char *text, config_t *config, char *why, char *fix, size_t capacity);

/* Canonical text of the key's value: reading it again gives the same value. "" for an unset text. Secrets as they are: the caller
 * masks. */
size_t config_value_write(const config_key_t *key, const config_t *config, char *text, size_t capacity);

/* Text of an old form -> ours. RESULT_OK or RESULT_NUMBER_MALFORMED. */
result_t config_value_reform(config_change_of_form_t form, const char *text, char *out, size_t capacity);

const char *config_type_text(config_type_t type);
