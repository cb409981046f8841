/* up.h: `patriot up`: starts the exchange (demo), the signer, the watchdog and the monitor, watches and restarts them, shows what
 * they do, and sums up. */
#pragma once

/* Stands below the data folder from the end of the market history to the next start; its line says what to do. */
#define UP_END_FILE "run/history_ended"
#define UP_END_TEXT "the history has ended; start with another --data (and --seed for another stretch of it)"

int app_up_main(int argc, char **argv);
