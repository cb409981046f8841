/* usdm_codes_sheet.h: every error code of the exchange's sheet, and those that no request provokes here, each with its reason. */
#pragma once

#include <stddef.h>

/* Codes of protocols/binance-usdm.md, section 12. */
static const int sheet[] = {
    -1000, -1001, -1002, -1003, -1006, -1007, -1008, -1013, -1014, -1015, -1016, -1020, -1021, -1022, -1023, -1100, -1101,
    -1102, -1103, -1104, -1105, -1106, -1111, -1112, -1114, -1115, -1116, -1117, -1118, -1119, -1120, -1121, -1122, -1125,
    -1127, -1128, -1130, -1136, -2007, -2010, -2011, -2012, -2013, -2014, -2015, -2016, -2017, -2018, -2019, -2020, -2021,
    -2022, -2023, -2024, -2025, -2026, -2027, -2028, -4000, -4001, -4002, -4003, -4004, -4005, -4006, -4007, -4013, -4014,
    -4015, -4016, -4021, -4022, -4023, -4024, -4028, -4031, -4032, -4045, -4046, -4047, -4048, -4049, -4050, -4051, -4054,
    -4055, -4059, -4060, -4061, -4062, -4067, -4068, -4082, -4083, -4087, -4088, -4116, -4117, -4118, -4120, -4130, -4131,
    -4135, -4136, -4137, -4138, -4139, -4140, -4141, -4142, -4161, -4164, -4166, -4167, -4168, -4169, -4170, -4171, -4172,
    -4183, -4184, -4192, -4202, -4203, -4205, -4206, -4208, -4209, -4210, -4211, -4400, -4401, -4402, -4403, -4531, -5021,
    -5022, -5024, -5025, -5026, -5027, -5028, -5037, -5038, -5039, -5040, -5041, -5047,
};

/* What no request provokes here, and why. */
static const struct {
    int code;
    const char *why;
} never[] = {
    {-1001, "the exchange's inside is disconnected: a reply too large, or the fault ack.code"},
    {-1002, "a key without the right is -2015 at the exchange today, one without form -2014"},
    {-1006, "an unexpected answer from behind: by the fault ack.code"},
    {-1007, "no answer from behind in time: by the faults ack.code and ack.drop"},
    {-1008, "overload: by the fault ack.code, and when the venue's own bounds are full"},
    {-1014, "each combination of an order has a code of its own: -1106, -4136, -4137, -4138"},
    {-1016, "the service is shut down: by the fault ack.code"},
    {-1112, "a market order that finds nobody is taken and expires (reason 9)"},
    {-2010, "spot's; a futures order is refused with the reason's own code"},
    {-2012, "cancelling all cannot fail in part here"},
    {-2016, "of a price statistics endpoint that USD-M does not have"},
    {-2018, "of transfers between wallets, which go through another API"},
    {-2020, "FOK answers -5021, price protect -4142"},
    {-2023, "a liquidation is over within one event: no request meets it"},
    {-2024, "a closing order above the position is taken and trades what there is"},
    {-2026, "every order type of /order may reduce only"},
    {-4000, "an order's state is never sent by a client"},
    {-4083, "a batch fails by element, each with its own code"},
    {-4117, "triggering is over within one event: no request meets it"},
    {-4139, "no state of a symbol forbids market orders alone"},
    {-4210, "exchangeInfo names no multiplier for trigger prices"},
    {-4211, "as -4210"},
    {-4531, "there is no COIN-M account whose mode must follow"},
    {-5025, "only LIMIT orders rest: conditional ones have their own service since 2025-12-09"},
    {-5028, "an order waits nowhere between gateway and engine here"},
};

static inline const char *why_never(int code)
{
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        if (never[i].code == code)
            return never[i].why;
    }
    return NULL;
}
