/* cli.h: what the short commands share: ask a running role, print its JSON for people or as it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/options.h"
#include "app/role.h"
#include "core/base/str.h"

/* The text of a JSON document's member (a string, number or truth as text), "" when it is not there. Only members of the outermost
 * object. */
bool cli_json_member(str_t json, const char *key, char *text, size_t capacity);

/* The commands; argv[0] is their own word. */
int cli_status_main(int argc, char **argv);
int cli_stop_main(int argc, char **argv);
int cli_order_main(int argc, char **argv);
int cli_why_main(int argc, char **argv);
int cli_kill_main(int argc, char **argv);
int cli_tickers_main(int argc, char **argv);
int cli_doctor_main(int argc, char **argv);
int cli_ban_main(int argc, char **argv);
int cli_ask_main(int argc, char **argv);
int cli_version_main(int argc, char **argv);
