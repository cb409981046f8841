/* exchange.h: `patriot exchange`: the simulated venue on its wire faces, and `patriot exchange ctl`, which talks to a running one.
 *
 * Control goes over the bus socket DIR/run/exchange.sock (edge/bus: one Control, one ControlReply with JSON). Commands and their
 * arguments:
 *
 *   state
 * {"role","pid","mode":"lockstep"|"speed","paused","ended","over","moment","venue_ms","venue_time","venue_hours","pace","speed","address",
 *                       "clients","lockstep":[{"role","connections","waiting"}],"accounts":[{"name","wallet","unrealised","equity","realised","fees",
 *                       "funding","deposits","orders","fills","positions":[{"symbol","side","amount","entry","mark","unrealised"}]}]}
 *   view               the same (what the live view asks every role)
 *   books
 * {"venue_ms","moment","accounts":[{"name","asset","wallet","realised","fees","funding","deposits","unrealised","equity"}],"money":[...]}
 *                       exact decimal texts: realised is before fees; wallet = deposits + realised - fees + funding
 *   orders | algos | fills [ACCOUNT [FROM]]   the venue's own rows, ids >= FROM, and "next"
 *   requests [NUMBER]  {"oldest","requests":[...],"next"}: what came over the wire (wire_log.h)
 *   price [SYMBOL]     {"prices":[{"symbol","bid","ask","last","mark"}]}; price SYMBOL PRICE|P%: one trade there
 *   pause, resume      the clock of the venue
 *   step [N]           N moments (default 1) while paused
 *   pace X | max       lockstep: venue hours a wall second at most
 *   speed X            speed mode: venue time runs X times as fast as the wall clock
 *   until HOURS|max    stop the clock after so many venue hours in all
 *   halt SYMBOL, open SYMBOL   instrument status
 *   restrict NAME none|reduce-only|no-orders|keys-locked|cooling-off|quantitative-rules|large-position|region
 *   leverage-bar NAME none|unverified|first-month|first-days|country|position-service|symbol|region
 *   fee-tier NAME 0..9|volume, spot-fee NAME MAKER TAKER
 *   closing SYMBOL on|off, settle SYMBOL [PRICE]   near its end, and the end (docs/venue.md)
 *   filter SYMBOL name=factor ..., user-act WHAT name=value ...      short ways to flt.change and user.act
 *   fault KNOB name=value ... | fault clear [KNOB]                   edge/face/fault; "at" counts from now
 *   faults             {"knobs":[...],"armed":[...],"random","quiet","phases"}
 * Every reply has "ok":true or "ok":false with "error".
 */
#pragma once

int app_exchange_main(int argc, char **argv);
