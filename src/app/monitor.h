/* monitor.h: `patriot monitor`: the signal half. Back-fills bars, follows the market, finds signals, asks the watchdog for orders.
 */
#pragma once

int app_monitor_main(int argc, char **argv);
