/* plugin_file.c: see plugin_file.h. Everything is asked of open descriptors, so that what is checked is what is loaded. */
#include "edge/plugin/plugin_file.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { MACHINE = EM_AARCH64 };
#else
#error "plug-ins: the ELF machine number of this architecture is missing here"
#endif

#define FILE_BYTES_MAX ((off_t)64 << 20)

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool plugin_file_name_is_good(const char *name)
{
    const size_t length = strnlen(name, PLUGIN_FILE_NAME_MAX);
    if (length < 4 || length == PLUGIN_FILE_NAME_MAX || strcmp(name + length - 3, ".so") != 0 || !is_letter(name[0])) {
        return false;
    }
    for (size_t i = 0; i < length - 3; i++) {
        if (!is_letter(name[i]) && !(name[i] >= '0' && name[i] <= '9') && strchr("_+-", name[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* NULL, or what is wrong with who owns it and who may write it. */
static const char *distrust(const struct stat *about)
{
    if (about->st_uid != geteuid() && about->st_uid != 0) {
        return "belongs to another user; chown it to the user that runs patriot";
    }
    if ((about->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return (about->st_mode & S_IWOTH) != 0 ? "everybody may write it; chmod go-w" : "its group may write it; chmod g-w";
    }
    return NULL;
}

static const char *machine_text(unsigned machine)
{
    return machine == EM_X86_64 ? "x86-64" : machine == EM_AARCH64 ? "aarch64" : machine == EM_386 ? "i386" : "another";
}

/* NULL, or why these first bytes are no shared object for this machine. */
static const char *look_at_header(int file, char text[160])
{
    Elf64_Ehdr head = {0};
    const ssize_t got = pread(file, &head, sizeof head, 0);
    if (got < (ssize_t)SELFMAG || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) {
        return "is no ELF shared object; build it with cc -shared -fPIC";
    }
    if (got < (ssize_t)sizeof head) {
        return "is cut short: not even its ELF header is whole; copy it again";
    }
    if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB) {
        return "is not a 64-bit little-endian object; build it for this machine";
    }
    if (head.e_machine != MACHINE) {
        (void)snprintf(text, 160, "is for the processor %s (ELF machine %u), this one is %s; build it on this machine",
                       machine_text(head.e_machine), head.e_machine, machine_text(MACHINE));
        return text;
    }
    return head.e_type == ET_DYN ? NULL : "is an ELF file, but no shared object; build it with cc -shared -fPIC";
}

static const char *look_at_file(int file, char text[160])
{
    struct stat about;
    if (fstat(file, &about) != 0) {
        return strerror(errno);
    }
    if (!S_ISREG(about.st_mode)) {
        return "is no ordinary file";
    }
    if (about.st_size > FILE_BYTES_MAX) {
        return "is larger than 64 MiB";
    }
    const char *wrong = distrust(&about);
    return wrong != NULL ? wrong : look_at_header(file, text);
}

int plugin_file_open(const char *folder, const char *name, char reason[PLUGIN_REASON_MAX])
{
    char text[160];
    struct stat about;
    if (!plugin_file_name_is_good(name)) {
        (void)snprintf(reason, PLUGIN_REASON_MAX,
                       "\"%.40s\" is no name of a plug-in; at most 19 letters, digits, _ + - that begin with a letter, and .so",
                       name);
        return -1;
    }
    const int place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *wrong = place < 0 || fstat(place, &about) != 0 ? strerror(errno) : distrust(&about);
    if (wrong != NULL) {
        (void)snprintf(reason, PLUGIN_REASON_MAX, "%.400s: the folder of %s: %s", folder, name, wrong);
        if (place >= 0) {
            (void)close(place);
        }
        return -1;
    }
    const int file = openat(place, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        wrong = errno == ELOOP ? "is a link; put the file itself there" : strerror(errno);
    } else {
        wrong = look_at_file(file, text);
    }
    (void)close(place);
    if (wrong == NULL) {
        return file;
    }
    (void)snprintf(reason, PLUGIN_REASON_MAX, "%.400s/%s: %s", folder, name, wrong);
    if (file >= 0) {
        (void)close(file);
    }
    return -1;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t plugin_file_list(const char *folder, char (*names)[PLUGIN_FILE_NAME_MAX], size_t room)
{
    size_t count = 0;
    DIR *open_folder = opendir(folder);
    if (open_folder == NULL) {
        return 0;
    }
    for (const struct dirent *entry; count < room && (entry = readdir(open_folder)) != NULL;) {
        if (plugin_file_name_is_good(entry->d_name)) {
            (void)snprintf(names[count++], PLUGIN_FILE_NAME_MAX, "%.*s", PLUGIN_FILE_NAME_MAX - 1, entry->d_name);
        }
    }
    (void)closedir(open_folder);
    qsort(names, count, sizeof names[0], by_bytes);
    return count;
}
