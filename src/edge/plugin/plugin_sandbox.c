/* plugin_sandbox.c: see plugin_sandbox.h. */
#include "edge/plugin/plugin_sandbox.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "plug-ins: the seccomp architecture of this machine is missing here"
#endif

#define ADDRESS_SPACE_MAX ((rlim_t)512 << 20)

/* --- limits ----------------------------------------------------------------------------------- */

static void limit(int what, rlim_t most)
{
    const struct rlimit bounds = {.rlim_cur = most, .rlim_max = most};
    (void)setrlimit(what, &bounds);
}

static void set_limits(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
#if !defined(__SANITIZE_ADDRESS__) /* whose shadow is larger than that */
    limit(RLIMIT_AS, ADDRESS_SPACE_MAX);
#endif
}

/* --- Landlock --------------------------------------------------------------------------------- */

/* The parts of the system that a dynamic loader reads. */
static const char *const readable[] = {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"};

static void allow_reading(int rules, int place, bool is_file)
{
    const uint64_t rights = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;
    const struct landlock_path_beneath_attr beneath = {.allowed_access = is_file ? rights : rights | LANDLOCK_ACCESS_FS_READ_DIR,
                                                       .parent_fd = place};
    (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
}

/* A kernel that has no Landlock leaves it at seccomp, which allows no opening at all once the object is loaded. */
static void landlock(int file)
{
    const struct landlock_ruleset_attr all = {.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1}; /* all of version 1 */
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0) {
        return;
    }
    for (size_t i = 0; i < sizeof readable / sizeof readable[0]; i++) {
        const int place = open(readable[i], O_RDONLY | O_CLOEXEC);
        if (place >= 0) {
            allow_reading(rules, place, i + 1 == sizeof readable / sizeof readable[0]);
            (void)close(place);
        }
    }
    allow_reading(rules, file, true);
    (void)syscall(SYS_landlock_restrict_self, rules, 0);
    (void)close(rules);
}

/* --- seccomp ---------------------------------------------------------------------------------- */

#define ALLOW(name)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)SYS_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, member))
#define REFUSE       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1 /* EPERM */)

/* Another architecture's numbers mean other calls. */
#define RIGHT_ARCHITECTURE                                                                                                         \
    LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),      \
        LOAD(nr)

/* What both steps have: the bell, memory, asking for random bytes (malloc does), and the ways to end. */
#define BASIC                                                                                                                      \
    ALLOW(read), ALLOW(write), ALLOW(close), ALLOW(fstat), ALLOW(newfstatat), ALLOW(lseek), ALLOW(brk), ALLOW(munmap),             \
        ALLOW(mremap), ALLOW(madvise), ALLOW(getrandom), ALLOW(exit), ALLOW(exit_group), ALLOW(getpid), ALLOW(gettid),             \
        ALLOW(rt_sigaction), ALLOW(rt_sigprocmask), ALLOW(rt_sigreturn), ALLOW(restart_syscall), ALLOW(clock_gettime)

static bool install(const struct sock_filter *filter, size_t count)
{
    const struct sock_fprog program = {.len = (unsigned short)count, .filter = (struct sock_filter *)(uintptr_t)filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Opening is what Landlock allows of it. */
static bool loader_calls_only(void)
{
    static const struct sock_filter filter[] = {
        RIGHT_ARCHITECTURE,
        BASIC,
        ALLOW(openat),
        ALLOW(mmap),
        ALLOW(mprotect),
        ALLOW(pread64),
        ALLOW(prctl),
        ALLOW(readlinkat),
        ALLOW(faccessat),
#if defined(__x86_64__)
        ALLOW(readlink),
        ALLOW(access),
#endif
        ALLOW(tgkill),
        REFUSE,
    };
    return install(filter, sizeof filter / sizeof filter[0]);
}

/* Memory may be mapped, but no file into it, and nothing that runs; a signal goes to this process only (abort sends one). */
static bool work_calls_only(void)
{
    const uint32_t self = (uint32_t)getpid();
    const struct sock_filter filter[] = {
        RIGHT_ARCHITECTURE,
        BASIC,
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)SYS_tgkill, 0, 4),
        LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, self, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        REFUSE,
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)SYS_mmap, 0, 6),
        LOAD(args[3]), /* flags */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 3),
        LOAD(args[2]), /* protection */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        REFUSE,
        REFUSE,
    };
    return install(filter, sizeof filter / sizeof filter[0]);
}

result_t plugin_sandbox_before_load(int file, const char **what)
{
    set_limits();
    *what = "no_new_privs";
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return RESULT_UNSUPPORTED;
    }
    landlock(file);
    *what = "seccomp";
    return loader_calls_only() ? RESULT_OK : RESULT_UNSUPPORTED;
}

result_t plugin_sandbox_after_load(const char **what)
{
    *what = "seccomp";
    return work_calls_only() ? RESULT_OK : RESULT_UNSUPPORTED;
}
