/* plugin_host.c: see plugin_host.h.
 *
 * Nothing here is safe from the plug-in, and nothing here needs to be: whatever it does to this process, its owner sees an answer
 * or an end, and believes neither the answer.
 */
#include "edge/plugin/plugin_host.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "edge/plugin/plugin_sandbox.h"
#include "edge/plugin/plugin_window.h"

enum { EXIT_NOT_STARTED_BY_PATRIOT = 2 };

/* --- loading ---------------------------------------------------------------------------------- */

static void copy(char *to, size_t room, const char *from)
{
    if (from != NULL) {
        memcpy(to, from, strnlen(from, room)); /* no NUL when it is too long: the owner sees that */
    }
}

static void describe(const patriot_strategy_t *table, plugin_description_t *out)
{
    copy(out->name, sizeof out->name, table->name);
    copy(out->title, sizeof out->title, table->title);
    copy(out->rule, sizeof out->rule, table->rule);
    copy(out->author, sizeof out->author, table->author);
    copy(out->version, sizeof out->version, table->version);
    out->option_count = table->option_count;
    out->input_count = table->input_count;
    out->state_size = table->state_size;
    out->has_options = table->options != NULL;
    out->has_inputs = table->inputs != NULL;
    out->has_warm_up = table->warm_up != NULL;
    out->has_init = table->init != NULL;
    out->has_next = table->next != NULL;
    for (uint32_t i = 0; out->has_options && i < table->option_count && i < PATRIOT_OPTIONS_MAX; i++) {
        const patriot_option_t *option = &table->options[i];
        plugin_option_text_t *text = &out->options[i];
        copy(text->name, sizeof text->name, option->name);
        copy(text->meaning, sizeof text->meaning, option->meaning);
        text->kind = option->kind;
        text->preset = option->preset;
        text->minimum = option->minimum;
        text->maximum = option->maximum;
    }
    for (uint32_t i = 0; out->has_inputs && i < table->input_count && i < PATRIOT_INPUTS_MAX; i++) {
        copy(out->inputs[i], sizeof out->inputs[i], table->inputs[i]);
    }
}

static const void *symbol(void *object, const char *name, char wrong[PLUGIN_WRONG_MAX])
{
    const void *found = dlsym(object, name);
    if (found == NULL) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "the symbol %s is missing; include patriot/strategy.h and define it", name);
    }
    return found;
}

/* NULL and `wrong`, or the table, described. The layout of the table is believed only when its version is ours. */
static const patriot_strategy_t *take_table(void *object, plugin_description_t *out, char wrong[PLUGIN_WRONG_MAX])
{
    const patriot_strategy_abi_t *abi = symbol(object, "patriot_strategy_abi", wrong);
    const patriot_strategy_t *table = abi != NULL ? symbol(object, "patriot_strategy", wrong) : NULL;
    if (table == NULL) {
        return NULL;
    }
    out->abi = *abi;
    if (abi->major != PATRIOT_STRATEGY_ABI_MAJOR || abi->minor > PATRIOT_STRATEGY_ABI_MINOR) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX,
                       "it was built for version %u.%u of the plug-in interface, this patriot has %u.%u; build it against "
                       "patriot/strategy.h of this one",
                       (unsigned)abi->major, (unsigned)abi->minor, PATRIOT_STRATEGY_ABI_MAJOR, PATRIOT_STRATEGY_ABI_MINOR);
        return NULL;
    }
    if (abi->strategy_size != sizeof(patriot_strategy_t) || abi->option_size != sizeof(patriot_option_t) ||
        abi->bar_size != sizeof(patriot_bar_t) || abi->view_size != sizeof(patriot_view_t)) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX,
                       "its structures have other sizes than those of version %u.%u; build it without packing options",
                       (unsigned)abi->major, (unsigned)abi->minor);
        return NULL;
    }
    describe(table, out);
    return table;
}

static const patriot_strategy_t *load(plugin_description_t *out, char wrong[PLUGIN_WRONG_MAX])
{
    static const char path[] = "/proc/self/fd/5";
    _Static_assert(PLUGIN_FILE == 5, "the path above names it");
    const char *what = "";
    if (plugin_sandbox_before_load(PLUGIN_FILE, &what) != RESULT_OK) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "this kernel cannot confine a plug-in (%s), and none is run unconfined", what);
        return NULL;
    }
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        const char *why = dlerror();
        why = why != NULL ? why : "the dynamic loader does not say why";
        why = strncmp(why, path, sizeof path - 1) == 0 ? why + sizeof path - 1 + strspn(why + sizeof path - 1, ": ") : why;
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "cannot be loaded: %.300s", why);
        return NULL;
    }
    if (plugin_sandbox_after_load(&what) != RESULT_OK) {
        (void)snprintf(wrong, PLUGIN_WRONG_MAX, "this kernel cannot confine a plug-in (%s), and none is run unconfined", what);
        return NULL;
    }
    return take_table(object, out, wrong);
}

/* --- answering -------------------------------------------------------------------------------- */

static void answer(const patriot_strategy_t *table, plugin_window_t *window)
{
    switch ((plugin_op_t)window->op) {
    case PLUGIN_OP_CHECK:
        window->number = table->check != NULL ? table->check(window->options) : -1;
        break;
    case PLUGIN_OP_WARM_UP:
        window->number = table->warm_up(window->options);
        break;
    case PLUGIN_OP_INIT:
        table->init(window->state, window->options);
        break;
    case PLUGIN_OP_NEXT: {
        const patriot_bar_t bar = window->bar;
        patriot_view_t view = {.direction = PATRIOT_NONE};
        table->next(window->state, window->options, &bar, &view);
        window->view = view;
        break;
    }
    case PLUGIN_OP_LOAD:
        break;
    }
}

int plugin_host_serve(void)
{
    struct stat about;
    if (fstat(PLUGIN_WINDOW, &about) != 0 || about.st_size != (off_t)sizeof(plugin_window_t)) {
        return EXIT_NOT_STARTED_BY_PATRIOT;
    }
    plugin_window_t *window = mmap(NULL, sizeof *window, PROT_READ | PROT_WRITE, MAP_SHARED, PLUGIN_WINDOW, 0);
    if (window == MAP_FAILED) {
        return EXIT_NOT_STARTED_BY_PATRIOT;
    }
    (void)close(PLUGIN_WINDOW);
    (void)syscall(SYS_close_range, (unsigned)PLUGIN_DESCRIPTORS, ~0u, 0u); /* should one not have been close-on-exec */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int number = 1; number < 32; number++) { /* a crash ends the process as it would any other */
        (void)signal(number, number == SIGINT || number == SIGTERM || number == SIGHUP ? SIG_IGN : SIG_DFL);
    }
    const patriot_strategy_t *table = NULL;
    for (unsigned char turn = 0; read(PLUGIN_BELL, &turn, 1) == 1;) {
        if (window->op == PLUGIN_OP_LOAD) {
            table = load(&window->description, window->wrong);
        } else if (table != NULL) {
            answer(table, window);
        }
        if (write(PLUGIN_BELL, &turn, 1) != 1) {
            break;
        }
    }
    _exit(0);
}
