/* plugin_sandbox.h: how the process of a plug-in gives up its rights, in two steps and for good.
 *
 * Before the object is loaded: no core dump, no file that grows, 512 MiB of address space, no new privileges; Landlock lets it read
 * and map the system's libraries and the plug-in's file and nothing else (a kernel without Landlock: the next step alone);
 * seccomp leaves the calls that a dynamic loader needs. After: the calls that memory, the bell and the end of the process need.
 * Everything else fails with EPERM.
 */
#pragma once

#include "core/base/result.h"

/* file: the plug-in's descriptor. RESULT_UNSUPPORTED: this kernel cannot confine it; *what names the step. */
result_t plugin_sandbox_before_load(int file, const char **what);
result_t plugin_sandbox_after_load(const char **what);
