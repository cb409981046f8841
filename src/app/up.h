/* up.h: `patriot up`: starts the exchange (demo), the signer, the watchdog and the monitor, watches and restarts them, shows what
 * they do, and sums up. */
#pragma once

int app_up_main(int argc, char **argv);
