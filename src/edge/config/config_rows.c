/* config_rows.c: tables of the configuration whose rows are written as texts: the ladder, the size tiers and the
 * regimes; there and back. */
#include "edge/config/config_value_parts.h"

#include <stdio.h>
#include <string.h>

/* --- ladder ----------------------------------------------------------------------------------- */

/* "80/80/50": trigger, close, stop. */
static result_t ladder_row(str_t item, ladder_row_t *row)
{
    dec_t *const parts[3] = {&row->trigger_pct, &row->close_pct, &row->stop_pct};
    for (unsigned i = 0; i < 3; i++) {
        str_t part = str_cut(&item, '/');
        if (dec_parse(part.bytes, part.length, parts[i]) != RESULT_OK) {
            return RESULT_NUMBER_MALFORMED;
        }
    }
    bool good = item.length == 0 && dec_sign(row->trigger_pct) > 0 && dec_le(row->trigger_pct, dec_from_int(100)) &&
                dec_sign(row->close_pct) > 0 && dec_le(row->close_pct, dec_from_int(100)) && dec_sign(row->stop_pct) >= 0 &&
                dec_lt(row->stop_pct, row->trigger_pct);
    return good ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
}

result_t config_ladder_read(str_t text, const config_words_t *words, config_t *config)
{
    ladder_row_t rows[RISK_LADDER_ROWS_MAX];
    uint32_t count = 0;
    str_t item;
    memset(rows, 0, sizeof rows);
    bool none = str_eq_nocase(text, STR("none"));
    while (!none && config_item_next(&text, &item)) {
        if (count == RISK_LADDER_ROWS_MAX) {
            return config_wrong(words, RESULT_FULL, "more than four rows", "write at most four, such as 80/80/50");
        }
        if (ladder_row(item, &rows[count]) != RESULT_OK ||
            (count > 0 && dec_le(rows[count].trigger_pct, rows[count - 1].trigger_pct))) {
            char why[128];
            (void)snprintf(why, sizeof why, "\"%.*s\" is no ladder row here", (int)(item.length < 40 ? item.length : 40),
                           item.bytes);
            return config_wrong(
                words, RESULT_MALFORMED, why,
                "write way/close/stop in percent with the stop behind the way, ways ascending: 50/30/10, 80/80/50; or none");
        }
        count++;
    }
    if (count == 0 && !none) {
        return config_wrong(words, RESULT_TEXT_EMPTY, "no row", "write 80/80/50, or none for no ladder");
    }
    memcpy(config->risk.ladder, rows, sizeof rows);
    config->risk.ladder_rows = count;
    return RESULT_OK;
}

int config_ladder_write(const config_t *config, char *text, size_t capacity)
{
    size_t length = 0;
    if (config->risk.ladder_rows == 0) {
        return snprintf(text, capacity, "none");
    }
    for (uint32_t i = 0; i < config->risk.ladder_rows && length + 1 < capacity; i++) {
        char way[DEC_TEXT_MAX];
        char close[DEC_TEXT_MAX];
        char stop[DEC_TEXT_MAX];
        (void)dec_format(config->risk.ladder[i].trigger_pct, way);
        (void)dec_format(config->risk.ladder[i].close_pct, close);
        (void)dec_format(config->risk.ladder[i].stop_pct, stop);
        length += (size_t)snprintf(text + length, capacity - length, "%s%s/%s/%s", i == 0 ? "" : ", ", way, close, stop);
    }
    return (int)length;
}

/* --- tiers ------------------------------------------------------------------------------------ */

/* "0.7/8/5": confidence, cost, leverage. */
static result_t tier_row(str_t item, sizing_tier_t *tier)
{
    uint64_t leverage = 0;
    const str_t confidence = str_cut(&item, '/'), cost = str_cut(&item, '/');
    if (dec_parse(confidence.bytes, confidence.length, &tier->confidence_min) != RESULT_OK ||
        dec_parse(cost.bytes, cost.length, &tier->cost) != RESULT_OK || str_to_u64(item, &leverage) != RESULT_OK) {
        return RESULT_NUMBER_MALFORMED;
    }
    tier->leverage = (uint32_t)(leverage <= 125 ? leverage : 0);
    const bool good = dec_sign(tier->confidence_min) >= 0 && dec_le(tier->confidence_min, DEC_ONE) && dec_sign(tier->cost) > 0 &&
                      tier->leverage >= 1;
    return good ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
}

result_t config_tiers_read(str_t text, const config_words_t *words, config_t *config)
{
    static const char fix[] = "write three rows confidence/cost/leverage, confidences descending to 0: 0.7/8/5, 0.5/6/4, 0/4/4";
    sizing_tier_t tiers[SIZING_TIERS];
    uint32_t count = 0;
    str_t item;
    memset(tiers, 0, sizeof tiers);
    while (config_item_next(&text, &item)) {
        const bool last = count + 1 >= SIZING_TIERS;
        if (count == SIZING_TIERS || tier_row(item, &tiers[count]) != RESULT_OK ||
            (count > 0 && dec_ge(tiers[count].confidence_min, tiers[count - 1].confidence_min)) ||
            (last && !dec_is_zero(tiers[count].confidence_min))) {
            char why[128];
            (void)snprintf(why, sizeof why, "\"%.*s\" is no size tier here", (int)(item.length < 40 ? item.length : 40),
                           item.bytes);
            return config_wrong(words, RESULT_MALFORMED, why, fix);
        }
        count++;
    }
    if (count != SIZING_TIERS) {
        return config_wrong(words, RESULT_MALFORMED, "there are fewer than three rows", fix);
    }
    memcpy(config->risk.tiers, tiers, sizeof tiers);
    return RESULT_OK;
}

int config_tiers_write(const config_t *config, char *text, size_t capacity)
{
    size_t length = 0;
    for (uint32_t i = 0; i < SIZING_TIERS && length + 1 < capacity; i++) {
        const sizing_tier_t *tier = &config->risk.tiers[i];
        char confidence[DEC_TEXT_MAX], cost[DEC_TEXT_MAX];
        (void)dec_format(tier->confidence_min, confidence);
        (void)dec_format(tier->cost, cost);
        length += (size_t)snprintf(text + length, capacity - length, "%s%s/%s/%u", i == 0 ? "" : ", ", confidence, cost,
                                   (unsigned)tier->leverage);
    }
    return (int)length;
}

/* --- regimes ---------------------------------------------------------------------------------- */

static str_t without_frame(str_t text)
{
    text = str_trim(text);
    if (str_starts_with(text, STR("[")) && str_ends_with(text, STR("]"))) {
        text = (str_t){text.bytes + 1, text.length - 2};
    }
    return str_trim(text);
}

result_t config_regimes_read(str_t text, const config_words_t *words, config_t *config)
{
    regime_table_t table = {.count = 0};
    text = without_frame(text);
    if (str_eq_nocase(text, STR("none"))) {
        config->signal.regimes = table;
        return RESULT_OK;
    }
    if (text.length == 0) {
        return config_wrong(words, RESULT_TEXT_EMPTY, "no row", "write REGIME STRATEGY off, 0.5 or option=value, or none");
    }
    while (text.length > 0) {
        regime_error_t error = {{0}, {0}};
        const result_t result = regime_table_add(&table, str_trim(str_cut(&text, ',')), &error);
        if (result != RESULT_OK) {
            char why[REGIME_TEXT_MAX + 16];
            (void)snprintf(why, sizeof why, "row %u: %s", (unsigned)table.count + 1, error.why);
            return config_wrong(words, result, why, error.fix);
        }
    }
    config->signal.regimes = table;
    return RESULT_OK;
}

static size_t regime_write(const regime_row_t *row, char *text, size_t capacity)
{
    const bool is_plugin = row->file[0] != '\0', has_options = row->option_count > 0 || row->wishes[0] != '\0';
    const char *name = is_plugin ? row->file : row->kind != NULL ? row->kind->name : "all";
    char factor[32] = "";
    if (row->factor == 0.0) {
        (void)snprintf(factor, sizeof factor, " off");
    } else if (row->factor < 1.0 || !has_options) {
        (void)snprintf(factor, sizeof factor, " %.12g", row->factor);
    }
    int length = snprintf(text, capacity, "%s %s%s%s%s", regime_name(row->regime), name, factor,
                          is_plugin && has_options ? " " : "", row->wishes);
    for (uint32_t i = 0; !is_plugin && i < row->option_count && length >= 0 && (size_t)length < capacity; i++) {
        length += snprintf(text + length, capacity - (size_t)length, " %s=%.12g", row->kind->options[row->options[i].option].name,
                           row->options[i].value);
    }
    return length < 0 ? 0 : (size_t)length < capacity ? (size_t)length : capacity - 1;
}

int config_regimes_write(const config_t *config, char *text, size_t capacity)
{
    size_t length = 0;
    if (config->signal.regimes.count == 0) {
        return snprintf(text, capacity, "none");
    }
    for (uint32_t i = 0; i < config->signal.regimes.count && length + 2 < capacity; i++) {
        if (i > 0) {
            memcpy(text + length, ", ", 3);
            length += 2;
        }
        length += regime_write(&config->signal.regimes.rows[i], text + length, capacity - length);
    }
    return (int)length;
}
