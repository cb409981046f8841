/* exchange_audit.c: `patriot exchange --market stream:FILE --audit`: the tape test of each recorded market, and out. */
#include <stdio.h>

#include "app/exchange_state.h"
#include "core/base/time.h"
#include "edge/face/world/stream_audit.h"

static int audit_one(const exchange_t *exchange, uint32_t index)
{
    const market_source_t *source = &exchange->sources[index];
    char error[MARKET_ERROR_MAX] = "";
    stream_audit_t audit;
    if (stream_audit(source->path, &source->recorded, &exchange->instruments[index], &audit, error) != RESULT_OK) {
        fprintf(stderr, "patriot exchange: --audit: %s: %s\n", source->symbol, error);
        return 1;
    }
    printf("%s: %llu events, %llu quotes, %llu changes of the book\n", source->symbol, (unsigned long long)audit.events,
           (unsigned long long)audit.quotes, (unsigned long long)audit.changes);
    printf("%s: top of book compared at %llu update ids, %llu differ\n", source->symbol, (unsigned long long)audit.compared,
           (unsigned long long)audit.differ);
    printf(
        "%s: %llu passed over because the book knew a later state, %llu changes without a snapshot to begin from, the chain broke "
        "%llu times\n",
        source->symbol, (unsigned long long)audit.passed_over,
        (unsigned long long)(audit.before_snapshot + audit.left_out.without_snapshot), (unsigned long long)audit.broken);
    if (audit.left_out.doubtful > 0)
        printf("%s: %llu messages cannot be believed and were left out, the first in line %llu\n", source->symbol,
               (unsigned long long)audit.left_out.doubtful, (unsigned long long)audit.left_out.first_doubtful);
    if (audit.left_out.cut > 0)
        printf("%s: %llu messages have more than %d levels on a side, and what is beyond was left out, the first in line %llu\n",
               source->symbol, (unsigned long long)audit.left_out.cut, (int)DEPTH_LEVELS_MAX,
               (unsigned long long)audit.left_out.first_cut);
    if (audit.differ > 0)
        printf("%s: the first difference %s\n", source->symbol, audit.first_difference);
    return audit.differ > 0 || audit.compared == 0;
}

int exchange_audit(exchange_t *exchange)
{
    char error[EXCHANGE_ERROR_MAX] = "";
    uint32_t streams = 0;
    int code = 0;
    if (!exchange_read_markets(exchange, error)) {
        fprintf(stderr, "patriot exchange: %s\n", error);
        return 2;
    }
    for (uint32_t i = 0; i < exchange->source_count; i++) {
        if (exchange->sources[i].kind != MARKET_FROM_STREAM)
            continue;
        streams++;
        code = audit_one(exchange, i) != 0 ? 1 : code;
    }
    if (streams == 0) {
        fprintf(stderr, "patriot exchange: --audit compares recorded streams; name one: --market stream:FILE\n");
        return 2;
    }
    return code;
}
