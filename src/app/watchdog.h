/* watchdog.h: `patriot watchdog`: the order half. Risk, orders, protection, positions, ledger; the only writer of the journal. */
#pragma once

int app_watchdog_main(int argc, char **argv);
