/* test_plugin.c: C plug-ins: what is refused and why, and that a plug-in that misbehaves loses its own run and nothing else.
 * shows: STR-5, R093
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/plugin/plugin.h"
#include "edge/plugin/plugin_host.h"
#include "support/test_support.h"

enum { GOOD, NULL_POINTER, ABORT, EXIT, DIVISION, STACK, LOOP, NONSENSE, RIGHTS, EAT_MEMORY, SCRIBBLE, DIES_IN_INIT };

#define TROUBLE_VOLUME 13.0
#define DEADLINE_NS    (200 * NS_PER_MS)

static char folder[TEST_PATH_MAX];

/* Compiles the fixture as NAME.so with more words for the compiler. */
static void build(const char *name, int variant, const char *words)
{
    char command[2048];
    (void)snprintf(command, sizeof command,
                   "${CC:-cc} -std=gnu11 -O1 -w -shared -fPIC -I'%s/include' -DVARIANT=%d %s "
                   "'%s/tests/edge/plugin/fixture_plugin.c' -o '%s/%s.so'",
                   PATRIOT_SOURCE_DIR, variant, words, PATRIOT_SOURCE_DIR, folder, name);
    assert_int_equal(system(command), 0);
}

static plugin_t *open_named(const char *file, char reason[PLUGIN_REASON_MAX])
{
    return plugin_open(&(plugin_options_t){.program = "/proc/self/exe", .folder = folder, .name = file, .deadline_ns = DEADLINE_NS},
                       reason);
}

static plugin_t *open_good(const char *file)
{
    char reason[PLUGIN_REASON_MAX] = "";
    plugin_t *plugin = open_named(file, reason);
    if (plugin == NULL) {
        fail_msg("%s", reason);
    }
    return plugin;
}

static void expect_refused(const char *file, const char *why)
{
    char reason[PLUGIN_REASON_MAX] = "";
    plugin_t *plugin = open_named(file, reason);
    assert_null(plugin);
    if (strstr(reason, why) == NULL || strstr(reason, file) == NULL) {
        fail_msg("%s: \"%s\" is not in \"%s\"", file, why, reason);
    }
}

/* --- a run ------------------------------------------------------------------------------------ */

typedef struct {
    strategy_run_t run;
    void *state;
} fixture_run_t;

static instrument_t instrument = {.symbol = "ETHUSDT"};

static fixture_run_t start(const plugin_t *plugin)
{
    fixture_run_t fixture;
    double presets[STRATEGY_OPTIONS_MAX];
    const strategy_kind_t *kind = plugin_kind(plugin);
    strategy_presets(kind, presets);
    fixture.state = malloc(strategy_memory(kind, presets)); /* exactly: the sanitizers see a byte too far */
    strategy_start(&fixture.run, kind, presets, TF_1H, fixture.state);
    return fixture;
}

static candle_t bar_at(uint32_t i, bool trouble)
{
    const dec_t close = dec_from_int((int64_t)(1000 + (i * 37) % 90));
    dec_t high = close, low = close;
    assert_ok(dec_add(close, dec_from_int(5), &high));
    assert_ok(dec_sub(close, dec_from_int(5), &low));
    return (candle_t){.open_ns = (int64_t)(i + 1) * NS_PER_HOUR,
                      .open = close,
                      .high = high,
                      .low = low,
                      .close = close,
                      .volume = dec_from_int(trouble ? 13 : 10),
                      .state = CANDLE_TRADED,
                      .closed = true};
}

/* Proposals with the bars from .. to - 1; their confidences are added to a digest. */
static uint32_t feed(fixture_run_t *fixture, uint32_t from, uint32_t to, double *digest)
{
    uint32_t count = 0;
    for (uint32_t i = from; i < to; i++) {
        const candle_t bar = bar_at(i, false);
        proposal_t proposal;
        if (strategy_on_candle(&fixture->run, &instrument, &bar, &proposal)) {
            count++;
            *digest = *digest * 0.5 + proposal.confidence + proposal.inputs[0].value;
            assert_string_equal(proposal.inputs[0].name, "closes.sum");
        }
    }
    return count;
}

static void get_into_trouble(fixture_run_t *fixture, uint32_t at)
{
    const candle_t bar = bar_at(at, true);
    proposal_t proposal;
    assert_false(strategy_on_candle(&fixture->run, &instrument, &bar, &proposal));
}

/* --- a good one ------------------------------------------------------------------------------- */

static void a_plugin_is_a_strategy(void **state)
{
    (void)state;
    build("fixture", GOOD, "");
    plugin_t *plugin = open_good("fixture.so");
    const strategy_kind_t *kind = plugin_kind(plugin);
    double options[STRATEGY_OPTIONS_MAX], digest = 0;
    uint32_t wrong = 99;
    assert_string_equal(kind->name, "fixture");
    assert_int_equal(kind->option_count, 8);
    assert_string_equal(kind->options[2].name, "atr");
    strategy_presets(kind, options);
    assert_int_equal(strategy_warm_up(kind, options), 15); /* of our ATR(14), which is longer than its own 3 */
    options[0] = 40;
    assert_int_equal(strategy_check(kind, options, &wrong), RESULT_BAD_ARGUMENT); /* its own check: bars > distance */
    assert_int_equal(wrong, 0);
    options[0] = 501;
    assert_int_equal(strategy_check(kind, options, &wrong), RESULT_NUMBER_OUT_OF_RANGE);

    fixture_run_t run = start(plugin);
    assert_int_equal(feed(&run, 0, 14, &digest), 0); /* the ATR is not warm */
    assert_false(strategy_is_warm(&run.run));
    assert_int_equal(feed(&run, 14, 114, &digest), 50);
    assert_true(strategy_is_warm(&run.run));
    assert_true(plugin_losses(plugin)->count == 0);
    free(run.state);
    plugin_close(plugin);
}

/* The state travels: with another process for each bar the answers are the same. */
static void the_process_keeps_nothing(void **state)
{
    double together = 0, apart = 0;
    (void)state;
    build("fixture", NULL_POINTER, "");
    plugin_t *plugin = open_good("fixture.so");
    fixture_run_t calm = start(plugin), other = start(plugin);
    const uint32_t count = feed(&calm, 0, 100, &together);
    uint32_t count_apart = 0;
    for (uint32_t i = 0; i < 100; i += 10) {
        fixture_run_t victim = start(plugin);
        get_into_trouble(&victim, 0);
        assert_true(victim.run.lost);
        free(victim.state);
        count_apart += feed(&other, i, i + 10, &apart);
    }
    assert_int_equal(plugin_losses(plugin)->count, 10);
    assert_int_equal(count, count_apart);
    assert_true(count > 30 && together == apart);
    free(calm.state);
    free(other.state);
    plugin_close(plugin);
}

/* --- misbehaviour ----------------------------------------------------------------------------- */

static void a_run_is_lost_alone(void **state)
{
    static const struct {
        int variant;
        const char *told;
    } cases[] = {
        {NULL_POINTER, "signal 11"},
        {ABORT, "signal 6"},
        {DIVISION, "signal 8"},
        {STACK, "signal 11"},
        {LOOP, "no answer within 200 ms"},
        {NONSENSE, "direction"},
        {SCRIBBLE, ""},
#if !defined(__SANITIZE_ADDRESS__) /* whose shadow lifts the limit, and whose last words at exit need rights */
        {EXIT, "exit code 3"},
        {EAT_MEMORY, "signal 6"},
#else
        {EXIT, ""},
#endif
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double before = 0, digest = 0;
        build("fixture", cases[i].variant, "");
        plugin_t *plugin = open_good("fixture.so");
        fixture_run_t victim = start(plugin), other = start(plugin);
        assert_true(feed(&victim, 0, 40, &before) > 0);
        assert_true(feed(&other, 0, 40, &digest) > 0);
        get_into_trouble(&victim, 40);
        assert_true(victim.run.lost);
        assert_false(strategy_is_warm(&victim.run));
        assert_int_equal(plugin_losses(plugin)->count, 1);
        assert_false(plugin_losses(plugin)->resting);
        if (strstr(plugin_losses(plugin)->text, cases[i].told) == NULL) {
            fail_msg("variant %d: %s", cases[i].variant, plugin_losses(plugin)->text);
        }
        assert_int_equal(feed(&victim, 41, 80, &digest), 0);
        assert_int_equal(feed(&other, 40, 80, &digest), 20);
        assert_false(other.run.lost);
        assert_int_equal(plugin_losses(plugin)->count, 1);
        free(victim.state);
        free(other.state);
        plugin_close(plugin);
    }
}

static void whoever_takes_too_long_too_often_rests(void **state)
{
    double digest = 0;
    (void)state;
    build("fixture", LOOP, "");
    plugin_t *plugin = open_good("fixture.so");
    fixture_run_t bystander = start(plugin);
    for (uint32_t i = 0; i < PLUGIN_OVERRUNS_MAX; i++) {
        assert_false(plugin_losses(plugin)->resting);
        fixture_run_t victim = start(plugin);
        get_into_trouble(&victim, 0);
        free(victim.state);
    }
    assert_true(plugin_losses(plugin)->resting);
    assert_int_equal(feed(&bystander, 0, 30, &digest), 0);
    assert_true(bystander.run.lost);
    assert_int_equal(plugin_losses(plugin)->count, PLUGIN_OVERRUNS_MAX); /* it was not asked */
    free(bystander.state);
    plugin_forgive(plugin);
    bystander = start(plugin);
    assert_true(feed(&bystander, 0, 30, &digest) > 0);
    free(bystander.state);
    plugin_close(plugin);
}

static void it_has_no_rights(void **state)
{
    (void)state;
    build("fixture", RIGHTS, "");
    plugin_t *plugin = open_good("fixture.so");
    fixture_run_t run = start(plugin);
    double digest = 0;
    (void)feed(&run, 0, 20, &digest);
    const candle_t ask = bar_at(20, true), then = bar_at(21, false);
    proposal_t proposal;
    assert_false(strategy_on_candle(&run.run, &instrument, &ask, &proposal));
    assert_true(strategy_on_candle(&run.run, &instrument, &then, &proposal));
    assert_string_equal(proposal.inputs[1].name, "rights");
    assert_true(proposal.inputs[1].value == 0.0);
    assert_int_equal(access("/tmp/patriot-plugin-was-here", F_OK), -1);
    free(run.state);
    plugin_close(plugin);
}

/* --- refusals --------------------------------------------------------------------------------- */

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *words, *told;
    } cases[] = {
        {"-DOTHER_MAJOR=2", "version 2.4 of the plug-in interface, this patriot has 1.0"},
        {"-DWITHOUT_ABI", "the symbol patriot_strategy_abi is missing"},
        {"-DWITHOUT_TABLE", "the symbol patriot_strategy is missing"},
        {"-DUNRESOLVED", "undefined symbol: nowhere_to_be_found"},
        {"-DNAME='\"other\"'", "name is \"other\" and the file is fixture.so"},
        {"-DNAME='\"\"'", "name is empty"},
        {"-DTITLE='\"\\xff\\xfe\"'", "title is not UTF-8"},
        {"-DTITLE='\"two\\nlines\"'", "title has a control character"},
        {"-DTITLE=0", "title is empty"},
        {"-DTITLE='\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"'",
         "title is too long (at most 95 bytes)"},
        {"-DSTATE_SIZE=262145", "state_size is 262145; 1 .. 262144 bytes"},
        {"-DSTATE_SIZE=0", "state_size is 0"},
        {"-DPRESET=501", "option 0 (bars): preset 501 is outside 1 .. 500"},
        {"-DPRESET=2.5", "option 0 (bars): preset, minimum and maximum are whole numbers"},
        {"-DPRESET=0.0/0.0", "option 0 (bars): preset"},
        {"-DPRESET=20", "its own presets contradict one another: check blames bars"},
        {"-DOPTION='\"stop_atr\"'", "option 0 (stop_atr): every strategy has an option of this name"},
        {"-DOPTION='\"distance\"'", "option 1 (distance): option 0 has the same name"},
        {"-DOPTION='\"two words\"'", "option 0: name has a character"},
        {"-DOPTION='(char *)1'", "was ended by signal 11"},
        {"-DNEXT=0", "next is NULL"},
        {"-DLOOPS_AT_START", "gave no answer within 2000 ms while it was loaded"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        build("fixture", GOOD, cases[i].words);
        expect_refused("fixture.so", cases[i].told);
    }
    build("fixture", DIES_IN_INIT, "");
    expect_refused("fixture.so", "was ended by signal 6 (Aborted) when it was tried with its presets");
    build("SC01", GOOD, "-DNAME='\"SC01\"'");
    expect_refused("SC01.so", "belongs to a built-in strategy");
    build("macd_rsi", GOOD, "-DNAME='\"macd_rsi\"'"); /* an alias, in other letters */
    expect_refused("macd_rsi.so", "belongs to a built-in strategy");
}

static void put(const char *name, const void *bytes, size_t length)
{
    char path[TEST_PATH_MAX + 32];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void files_of_strangers_are_refused(void **state)
{
    char path[TEST_PATH_MAX + 32], link[TEST_PATH_MAX + 32], names[8][PLUGIN_FILE_NAME_MAX];
    unsigned char head[64] = {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 243, 0};
    (void)state;
    build("fixture", GOOD, "");
    (void)snprintf(path, sizeof path, "%s/fixture.so", folder);
    assert_int_equal(chmod(path, 0666), 0);
    expect_refused("fixture.so", "everybody may write it; chmod go-w");
    assert_int_equal(chmod(path, 0664), 0);
    expect_refused("fixture.so", "its group may write it");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(chmod(folder, 0777), 0);
    expect_refused("fixture.so", "the folder of fixture.so: everybody may write it");
    assert_int_equal(chmod(folder, 0700), 0);
    plugin_close(open_good("fixture.so"));
    if (geteuid() == 0) {
        assert_int_equal(chown(path, 12345, 12345), 0);
        expect_refused("fixture.so", "belongs to another user");
        assert_int_equal(chown(path, 0, 0), 0);
    }
    (void)snprintf(link, sizeof link, "%s/link.so", folder);
    assert_int_equal(symlink(path, link), 0);
    expect_refused("link.so", "is a link");
    put("text.so", "int main;", 9);
    expect_refused("text.so", "is no ELF shared object");
    put("short.so", head, 40);
    expect_refused("short.so", "cut short");
    put("other.so", head, 64);
    expect_refused("other.so", "(ELF machine 243)");
    head[4] = 1;
    put("narrow.so", head, 64);
    expect_refused("narrow.so", "not a 64-bit");
    put("empty.so", "", 0);
    expect_refused("empty.so", "is no ELF shared object");
    assert_int_equal(mkdir((snprintf(link, sizeof link, "%s/folder.so", folder), link), 0700), 0);
    expect_refused("folder.so", "is no ordinary file");
    expect_refused("nothing.so", "No such file");
    expect_refused("../fixture.so", "is no name of a plug-in");
    assert_true(plugin_file_list(folder, names, 8) == 8 && strcmp(names[0], "empty.so") == 0);
    assert_int_equal(plugin_file_list(folder, names, 2), 2);
    assert_int_equal(plugin_file_list("/nonexistent", names, 8), 0);
}

/* Whoever writes over the file gets a process that cannot go on, not a strategy that has silently become another. */
static void a_file_that_was_written_over_is_not_taken(void **state)
{
    char command[4 * TEST_PATH_MAX];
    double digest = 0;
    (void)state;
    build("fixture", ABORT, "");
    plugin_t *plugin = open_good("fixture.so");
    fixture_run_t victim = start(plugin), other = start(plugin);
    build("second", GOOD, "-DNAME='\"fixture\"' -DTITLE='\"another\"'");
    get_into_trouble(&victim, 0);
    (void)snprintf(command, sizeof command, "cat '%s/second.so' > '%s/fixture.so'", folder, folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(feed(&other, 0, 20, &digest), 0);
    assert_true(other.run.lost);
    assert_non_null(strstr(plugin_losses(plugin)->text, "written over"));
    free(victim.state);
    free(other.state);
    plugin_close(plugin);
}

static int set_up(void **state)
{
    (void)state;
    test_dir_make(folder);
    instrument.tick_size = test_dec("0.01");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "plugin-host") == 0) {
        return plugin_host_serve();
    }
    if (system("${CC:-cc} --version > /dev/null 2>&1") != 0) {
        printf("skipped: no compiler to build plug-ins with\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_plugin_is_a_strategy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_process_keeps_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_run_is_lost_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whoever_takes_too_long_too_often_rests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_has_no_rights, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_of_strangers_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_was_written_over_is_not_taken, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
