/* score_rows.h: the scored states, a row each, for the score and for the options that are its weights: ROW(state, its name, the
 * side it speaks for, M's weight; 0: not scored unless somebody asks for it). LONG first, within a side by weight. */
#pragma once

/* clang-format off */
#define SCORE_ROWS(ROW) \
    ROW(EMA_50_GT_200, "EMA_50_gt_200", LONG, 2.0) \
    ROW(EMA_9_CROSS_21_UP, "EMA_9_cross_21_up", LONG, 1.5) \
    ROW(MACD_CROSS_UP, "MACD_cross_up", LONG, 1.5) \
    ROW(ICHIMOKU_TK_CROSS_UP, "Ichimoku_TK_Cross_Up", LONG, 1.3) \
    ROW(BOUNCE_FROM_SUPPORT, "bounce_from_support", LONG, 1.2) \
    ROW(BREAKOUT_ABOVE_RESISTANCE, "breakout_above_resistance", LONG, 1.1) \
    ROW(MACD_GT_SIGNAL, "MACD_gt_signal", LONG, 1.0) \
    ROW(RSI_14_OVERSOLD, "RSI_14_oversold", LONG, 1.0) \
    ROW(VOL_SPIKE, "Vol_Spike", LONG, 1.0) \
    ROW(PRICE_ABOVE_VWAP, "Price_Above_VWAP", LONG, 0.9) \
    ROW(STOCH_K_CROSS_UP, "Stoch_K_Cross_Up", LONG, 0.9) \
    ROW(RSI_14_GT_50, "RSI_14_gt_50", LONG, 0.8) \
    ROW(RSI_BULLISH_DIV, "RSI_Bullish_Div", LONG, 0.8) \
    ROW(MACD_BULLISH_DIV, "MACD_Bullish_Div", LONG, 0.8) \
    ROW(PRICE_LT_BB_LOW, "Price_lt_BB_Low", LONG, 0.8) \
    ROW(STOCH_OVERSOLD, "Stoch_Oversold", LONG, 0.7) \
    ROW(EMA_9_GT_21, "EMA_9_gt_21", LONG, 0.0) \
    ROW(RSI_7_OVERSOLD, "RSI_7_oversold", LONG, 0.0) \
    ROW(RSI_7_GT_50, "RSI_7_gt_50", LONG, 0.0) \
    ROW(RSI_21_OVERSOLD, "RSI_21_oversold", LONG, 0.0) \
    ROW(RSI_21_GT_50, "RSI_21_gt_50", LONG, 0.0) \
    ROW(DI_PLUS_ABOVE, "DI_Plus_Above", LONG, 0.0) \
    ROW(ICHIMOKU_TK_CROSSED_UP, "Ichimoku_TK_Crossed_Up", LONG, 0.0) \
    ROW(EMA_50_LT_200, "EMA_50_lt_200", SHORT, 2.0) \
    ROW(EMA_9_CROSS_21_DOWN, "EMA_9_cross_21_down", SHORT, 1.5) \
    ROW(MACD_CROSS_DOWN, "MACD_cross_down", SHORT, 1.5) \
    ROW(ICHIMOKU_TK_CROSS_DOWN, "Ichimoku_TK_Cross_Down", SHORT, 1.3) \
    ROW(BOUNCE_FROM_RESISTANCE, "bounce_from_resistance", SHORT, 1.2) \
    ROW(BREAKOUT_BELOW_SUPPORT, "breakout_below_support", SHORT, 1.1) \
    ROW(MACD_LT_SIGNAL, "MACD_lt_signal", SHORT, 1.0) \
    ROW(RSI_14_OVERBOUGHT, "RSI_14_overbought", SHORT, 1.0) \
    ROW(PRICE_BELOW_VWAP, "Price_Below_VWAP", SHORT, 0.9) \
    ROW(STOCH_K_CROSS_DOWN, "Stoch_K_Cross_Down", SHORT, 0.9) \
    ROW(RSI_14_LT_50, "RSI_14_lt_50", SHORT, 0.8) \
    ROW(RSI_BEARISH_DIV, "RSI_Bearish_Div", SHORT, 0.8) \
    ROW(MACD_BEARISH_DIV, "MACD_Bearish_Div", SHORT, 0.8) \
    ROW(PRICE_GT_BB_UP, "Price_gt_BB_Up", SHORT, 0.8) \
    ROW(STOCH_OVERBOUGHT, "Stoch_Overbought", SHORT, 0.7) \
    ROW(EMA_9_LT_21, "EMA_9_lt_21", SHORT, 0.0) \
    ROW(RSI_7_OVERBOUGHT, "RSI_7_overbought", SHORT, 0.0) \
    ROW(RSI_7_LT_50, "RSI_7_lt_50", SHORT, 0.0) \
    ROW(RSI_21_OVERBOUGHT, "RSI_21_overbought", SHORT, 0.0) \
    ROW(RSI_21_LT_50, "RSI_21_lt_50", SHORT, 0.0) \
    ROW(DI_MINUS_ABOVE, "DI_Minus_Above", SHORT, 0.0) \
    ROW(ICHIMOKU_TK_CROSSED_DOWN, "Ichimoku_TK_Crossed_Down", SHORT, 0.0)
/* clang-format on */
