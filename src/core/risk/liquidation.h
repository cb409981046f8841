/* liquidation.h: where a position would be liquidated, estimated before it is opened (RSK-4, fault 66).
 *
 * Binance USD-M (protocols/binance-usdm.md, section 13): price = (margin + cum - S * Q * entry) / (Q * (rate - S)), S = +1 LONG, -1
 * SHORT, rate and cum of the bracket that holds the notional at that price. margin: isolated the initial margin, cross what is free
 * for it.
 */
#pragma once

#include "core/market/instrument.h"
#include "core/signal/signal.h"

/* *price is 0 when the position cannot be liquidated (a LONG whose margin covers its whole value). RESULT_NOT_FOUND: the notional
 * lies above every bracket, or none is known. quantity, entry > 0; margin >= 0. Rounded toward the entry, so that the estimate is
 * never rosy. */
result_t liquidation_price(const instrument_t *instrument, position_side_t side, dec_t quantity, dec_t entry, dec_t margin,
                           dec_t *price);

/* The farthest stop (RSK-4): it uses at most 100 - buffer_pct of the way from entry to the liquidation price. */
result_t liquidation_farthest_stop(dec_t liquidation, dec_t entry, dec_t buffer_pct, dec_t *farthest);

/* The leverage that the bracket of this notional allows, at most `configured`; 0 when no bracket holds it. */
uint32_t liquidation_leverage(const instrument_t *instrument, dec_t notional, uint32_t configured);
