/* options.c: see options.h. */
#include "app/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/nearest.h"
#include "core/base/str.h"
#include "core/base/time.h"

enum { HELP_COLUMNS = 100, HELP_LEFT = 22 };

static bool number_and_unit(const char *text, double *number, const char **unit)
{
    char *end = NULL;
    if (text[0] < '0' || text[0] > '9')
        return false;
    *number = strtod(text, &end);
    *unit = end;
    return end != text && *number >= 0 && *number < 1e12;
}

bool options_duration(const char *text, int64_t *out_ns)
{
    static const struct {
        const char *unit;
        double ns;
    } units[] = {{"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}};
    double number = 0;
    const char *unit = NULL;
    if (!number_and_unit(text, &number, &unit))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(unit, units[i].unit) == 0 && number * units[i].ns < 9e18) {
            *out_ns = (int64_t)(number * units[i].ns);
            return true;
        }
    }
    return false;
}

static bool read_span(const char *text, span_t *span)
{
    double number = 0;
    const char *unit = NULL;
    if (number_and_unit(text, &number, &unit) && strcmp(unit, "vh") == 0 && number >= 1) {
        *span = (span_t){.venue_hours = (uint64_t)number};
        return true;
    }
    int64_t ns = 0;
    if (!options_duration(text, &ns) || ns == 0)
        return false;
    *span = (span_t){.wall_ns = ns};
    return true;
}

static const char *expected(argument_kind_t kind)
{
    switch (kind) {
    case ARGUMENT_U64:
        return "a whole number below 2^64, e.g. 7";
    case ARGUMENT_RATE:
        return "a number from 0.000001 to 1e12, or max";
    case ARGUMENT_SPAN:
        return "wall time (2m, 90s) or venue hours (500vh)";
    case ARGUMENT_SECONDS:
        return "a time, e.g. 3s or 500ms";
    case ARGUMENT_LIST:
        return "at most 64 of them";
    case ARGUMENT_FLAG:
    case ARGUMENT_TEXT:
    case ARGUMENT_TOPIC:
        break;
    }
    return "a value";
}

static bool store(const argument_t *option, const char *text)
{
    switch (option->kind) {
    case ARGUMENT_FLAG:
        *(bool *)option->value = true;
        return true;
    case ARGUMENT_TEXT:
        *(const char **)option->value = text;
        return true;
    case ARGUMENT_U64:
        return str_to_u64(str_from(text), option->value) == RESULT_OK;
    case ARGUMENT_RATE: {
        double number = 0;
        const char *rest = "";
        if (strcmp(text, "max") != 0 && (!number_and_unit(text, &number, &rest) || *rest != '\0' || number < OPTIONS_RATE_LEAST))
            return false;
        *(double *)option->value = number;
        return true;
    }
    case ARGUMENT_LIST: {
        argument_list_t *list = option->value;
        if (list->count == OPTIONS_REPEAT_MAX)
            return false;
        list->values[list->count++] = text;
        return true;
    }
    case ARGUMENT_SPAN:
        return read_span(text, option->value);
    case ARGUMENT_SECONDS:
        return options_duration(text, option->value);
    case ARGUMENT_TOPIC:
        break;
    }
    return false;
}

void options_print_wrapped(const char *text, size_t indent)
{
    size_t column = indent;
    while (*text != '\0') {
        size_t blanks = strspn(text, " "), word = strcspn(text + blanks, " \n");
        if (column > indent && column + blanks + word > HELP_COLUMNS) {
            printf("\n%*s", (int)indent, "");
            column = indent;
            text += blanks;
            blanks = 0;
        }
        printf("%.*s", (int)(blanks + word), text);
        column += blanks + word;
        text += blanks + word;
        if (*text == '\n') {
            printf("\n%*s", (int)indent, "");
            column = indent;
            text++;
        }
    }
    printf("\n");
}

static void print_row(const char *left, const char *help)
{
    printf("  %-*s ", HELP_LEFT, left);
    if (strlen(left) > HELP_LEFT)
        printf("\n%*s", HELP_LEFT + 3, "");
    options_print_wrapped(help, HELP_LEFT + 3);
}

/* The options from `index` on, up to the next topic. */
static void print_options(const command_t *command, size_t index)
{
    for (; index < command->option_count && command->options[index].kind != ARGUMENT_TOPIC; index++) {
        const argument_t *option = &command->options[index];
        char left[48];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument ? " " : "",
                 option->argument ? option->argument : "");
        print_row(left, option->help);
    }
}

static void print_topics(const command_t *command)
{
    bool begun = false;
    for (size_t i = 0; i < command->option_count; i++) {
        char left[48];
        if (command->options[i].kind != ARGUMENT_TOPIC)
            continue;
        if (!begun)
            printf("More options:\n");
        begun = true;
        snprintf(left, sizeof left, "--help %s", command->options[i].name);
        print_row(left, command->options[i].help);
    }
}

static void print_help(const command_t *command)
{
    printf("Usage: %s %s\n", command->command, command->usage);
    options_print_wrapped(command->about, 0);
    if (command->option_count > 0)
        printf("Options:\n");
    print_options(command, 0);
    print_topics(command);
    if (command->epilogue)
        options_print_wrapped(command->epilogue, 0);
}

/* --help TOPIC. False when there is no such topic; it was said. */
static bool print_topic(const command_t *command, const char *word)
{
    nearest_t nearest = {.typed = str_from(word)};
    for (size_t i = 0; i < command->option_count; i++) {
        const argument_t *topic = &command->options[i];
        if (topic->kind != ARGUMENT_TOPIC)
            continue;
        if (strcmp(word, topic->name) == 0) {
            printf("Usage: %s %s\nOptions for %s: ", command->command, command->usage, topic->name);
            options_print_wrapped(topic->help, 0);
            print_options(command, i + 1);
            return true;
        }
        nearest_offer(&nearest, topic->name);
    }
    fprintf(stderr, "%s: no help on \"%s\"; %s%s%s\n", command->command, word, nearest.word ? "did you mean --help " : "see ",
            nearest.word ? nearest.word : "--help", nearest.word ? "?" : "");
    return false;
}

static bool has_topics(const command_t *command)
{
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].kind == ARGUMENT_TOPIC)
            return true;
    }
    return false;
}

static const argument_t *find_option(const command_t *command, str_t name)
{
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].kind != ARGUMENT_TOPIC && str_eq(name, str_from(command->options[i].name)))
            return &command->options[i];
    }
    return NULL;
}

static void complain_unknown(const command_t *command, str_t name)
{
    nearest_t nearest = {.typed = name};
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].kind != ARGUMENT_TOPIC)
            nearest_offer(&nearest, command->options[i].name);
    }
    fprintf(stderr, "%s: no option --%.*s", command->command, (int)name.length, name.bytes);
    if (nearest.word)
        fprintf(stderr, "; did you mean --%s?\n", nearest.word);
    else
        fprintf(stderr, "; see %s --help\n", command->command);
}

/* One word that begins with "--"; *index moves on when its value is the next word. */
static bool read_option(const command_t *command, int argc, char **argv, int *index)
{
    str_t word = str_from(argv[*index] + 2);
    str_t value_after = word;
    str_t name = str_cut(&value_after, '=');
    bool joined = name.length < word.length;

    const argument_t *option = find_option(command, name);
    if (!option) {
        complain_unknown(command, name);
        return false;
    }
    if (option->kind == ARGUMENT_FLAG) {
        if (joined) {
            fprintf(stderr, "%s: --%s takes no value\n", command->command, option->name);
            return false;
        }
        return store(option, "");
    }
    const char *value = NULL;
    if (joined)
        value = argv[*index] + 2 + name.length + 1;
    else if (*index + 1 < argc)
        value = argv[++*index];
    if (!value || *value == '\0' || !store(option, value)) {
        fprintf(stderr, "%s: --%s wants %s%s%s%s\n", command->command, option->name, expected(option->kind),
                value ? ", not \"" : "", value ? value : "", value ? "\"" : "");
        return false;
    }
    return true;
}

options_outcome_t options_read(const command_t *command, int argc, char **argv, const char **operands, size_t *operand_count)
{
    size_t count = 0;
    bool ended = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (!ended && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            if (has_topics(command) && i + 1 < argc && argv[i + 1][0] != '-')
                return print_topic(command, argv[i + 1]) ? OPTIONS_HELPED : OPTIONS_WRONG;
            print_help(command);
            return OPTIONS_HELPED;
        }
        if (!ended && strcmp(word, "--") == 0) {
            ended = true;
        } else if (!ended && word[0] == '-' && word[1] != '-' && word[1] != '\0' && (word[1] < '0' || word[1] > '9')) {
            fprintf(stderr, "%s: no option %s; options begin with --, see %s --help\n", command->command, word, command->command);
            return OPTIONS_WRONG;
        } else if (!ended && word[0] == '-' && word[1] == '-') {
            if (!read_option(command, argc, argv, &i))
                return OPTIONS_WRONG;
        } else if (count == command->operands_max || count == OPTIONS_OPERANDS_MAX) {
            fprintf(stderr, "%s: one word too many: %s; see %s --help\n", command->command, word, command->command);
            return OPTIONS_WRONG;
        } else {
            operands[count++] = word;
        }
    }
    *operand_count = count;
    return OPTIONS_RUN;
}

bool options_take(const command_t *command, int argc, char **argv, const char **operands, size_t *operand_count, int *exit_code)
{
    options_outcome_t outcome = options_read(command, argc, argv, operands, operand_count);
    *exit_code = outcome == OPTIONS_WRONG ? 2 : 0;
    return outcome == OPTIONS_RUN;
}

int options_word(const char *command, const char *typed, const char *const *names, size_t count)
{
    nearest_t nearest = {.typed = str_from(typed)};
    for (size_t i = 0; i < count; i++) {
        if (strcmp(typed, names[i]) == 0)
            return (int)i;
        nearest_offer(&nearest, names[i]);
    }
    fprintf(stderr, "%s: no word \"%s\"", command, typed);
    if (nearest.word) {
        fprintf(stderr, "; did you mean \"%s\"?\n", nearest.word);
        return -1;
    }
    fprintf(stderr, "; say ");
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
    fprintf(stderr, "\n");
    return -1;
}
