/* plugin_file.h: the folder of the plug-ins and the files in it: who may have written them, and whether they can be loaded here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { PLUGIN_FILE_NAME_MAX = 24, PLUGIN_REASON_MAX = 640 };

/* Opens FOLDER/NAME for reading. -1 when it may not be used: `reason` then says "PATH: what is wrong; what to do". Refused are:
 * names that are not NAME.so, links, what is no ordinary file, a folder or a file that another user owns (root may) or that group
 * or others may write, and what is not a shared object for this machine. The descriptor is close-on-exec. */
int plugin_file_open(const char *folder, const char *name, char reason[PLUGIN_REASON_MAX]);

/* Names of all *.so in a folder in the order of their bytes; at most `room`. A folder that is not there has none. */
size_t plugin_file_list(const char *folder, char (*names)[PLUGIN_FILE_NAME_MAX], size_t room);

/* A name of letters, digits, _ + - that begins with a letter, followed by ".so". */
bool plugin_file_name_is_good(const char *name);
