/* vwma.h: volume weighted moving average: the mean of the closes, each counted by its volume.
 *
 * TradingView ta.vwma, Tulip vwma. A window without any volume gives the plain mean (TradingView: na).
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_vwma;
