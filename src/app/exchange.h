/* exchange.h: `patriot exchange`: the simulated venue on its wire faces, and `patriot exchange ctl`, which talks to a running one.
 *
 * Control goes over the bus socket DIR/run/exchange.sock (edge/bus: one Control, one ControlReply with JSON). Commands and their
 * arguments:
 *
 *   state
 * {"role","pid","mode":"lockstep"|"speed","paused","ended","moment","venue_ms","venue_time","venue_hours","pace","speed","address",
 *                       "clients","lockstep":[{"role","connections","waiting"}],"accounts":[{"name","wallet","unrealised","equity","realised","fees",
 *                       "funding","deposits","orders","fills","positions":[{"symbol","side","amount","entry","mark","unrealised"}]}]}
 *   view               the same (what the live view asks every role)
 *   books
 * {"venue_ms","moment","accounts":[{"name","asset","wallet","realised","fees","funding","deposits","unrealised","equity"}],"money":[...]}
 *                       exact decimal texts: realised is before fees; wallet = deposits + realised - fees + funding
 *   price [SYMBOL]     {"prices":[{"symbol","bid","ask","last","mark"}]}
 *   pause, resume      the clock of the venue
 *   step [N]           N moments (default 1) while paused
 *   pace X | max       lockstep: venue hours a wall second at most
 *   speed X            speed mode: venue time runs X times as fast as the wall clock
 *   until HOURS        stop the clock after so many venue hours in all
 *   halt SYMBOL, open SYMBOL   instrument status
 *   fault ack.drop N | ack.code STATUS CODE N | ws.close     see exchange_ctl.c
 * Every reply has "ok":true or "ok":false with "error".
 */
#pragma once

int app_exchange_main(int argc, char **argv);
