/* live_view.c: see live_view.h. One screen of ncurses; colours where the terminal has them. */
#include "app/live_view.h"

#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLOUR_GOOD = 1, COLOUR_BAD, COLOUR_DIM, COLOUR_TITLE };

static SCREEN *screen;

result_t live_view_open(void)
{
    const char *terminal = getenv("TERM");
    if (!terminal || !isatty(STDOUT_FILENO))
        return RESULT_UNSUPPORTED;
    screen = newterm(terminal, stdout, stdin);
    if (!screen)
        return RESULT_UNSUPPORTED;
    set_term(screen);
    cbreak();
    noecho();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    curs_set(0);
    const char *no_colour = getenv("NO_COLOR");
    if (has_colors() && (!no_colour || no_colour[0] == '\0')) {
        start_color();
        use_default_colors();
        init_pair(COLOUR_GOOD, COLOR_GREEN, -1);
        init_pair(COLOUR_BAD, COLOR_RED, -1);
        init_pair(COLOUR_DIM, COLOR_CYAN, -1);
        init_pair(COLOUR_TITLE, COLOR_YELLOW, -1);
    }
    return RESULT_OK;
}

void live_view_close(void)
{
    if (!screen)
        return;
    endwin();
    delscreen(screen);
    screen = NULL;
}

live_key_t live_view_key(void)
{
    switch (getch()) {
    case '+':
    case '=':
    case KEY_RIGHT:
        return LIVE_KEY_FASTER;
    case '-':
    case KEY_LEFT:
        return LIVE_KEY_SLOWER;
    case ' ':
    case 'p':
        return LIVE_KEY_PAUSE;
    case 'q':
        return LIVE_KEY_QUIT;
    default:
        return LIVE_KEY_NONE;
    }
}

static void title(int row, const char *text)
{
    attron(A_BOLD | COLOR_PAIR(COLOUR_TITLE));
    mvaddstr(row, 0, text);
    attroff(A_BOLD | COLOR_PAIR(COLOUR_TITLE));
}

/* Money and percentages: green above zero, red below. */
static void signed_text(const char *text)
{
    chtype colour = text[0] == '-' ? COLOR_PAIR(COLOUR_BAD) : COLOR_PAIR(COLOUR_GOOD);
    attron(colour);
    printw("%12.14s", text);
    attroff(colour);
}

enum { COLUMNS_USUAL = 80, COLUMNS_FULL = 122, PRICE_COLUMNS = 39 };

/* On a terminal of 80 columns the tables are drawn closer and without their least important columns. */
static bool is_narrow(void)
{
    return COLS < COLUMNS_FULL;
}

static int draw_head(const live_model_t *model)
{
    title(0, COLS < COLUMNS_USUAL ? "PATRIOT  demo, no real money"
                                  : "PATRIOT  demo: real market history on our simulated exchange, no real money");
    mvprintw(1, 0, "venue time %s   %lld h   pace %s%s", model->venue_time, (long long)model->venue_hours, model->pace,
             model->paused ? "  PAUSED" : "");
    mvprintw(2, 0, "equity %.16s   realised ", model->equity);
    signed_text(model->realised);
    printw("   open ");
    signed_text(model->unrealised);
    mvprintw(3, 0, "signals %lld   orders %lld   fills %lld   closed %lld   refused %lld   kill level %lld",
             (long long)model->signals, (long long)model->orders, (long long)model->fills, (long long)model->trades_closed,
             (long long)model->refused, (long long)model->kill_level);
    chtype colour = COLOR_PAIR(model->unprotected_now_ms > 0 ? COLOUR_BAD : COLOUR_GOOD);
    attron(colour);
    mvprintw(4, 0, "without a stop: now %lld ms, longest %lld ms", (long long)model->unprotected_now_ms,
             (long long)model->unprotected_ms_max);
    attroff(colour);
    printw("   fees %.9s   funding %.9s", model->fees, model->funding);
    return 6;
}

static int draw_prices(const live_model_t *model, int row)
{
    int across = COLS < PRICE_COLUMNS ? 1 : COLS / PRICE_COLUMNS;
    title(row++, "market");
    for (uint32_t i = 0; i < model->price_count; i++) {
        const live_price_t *price = &model->prices[i];
        mvprintw(row + (int)i / across, (int)i % across * PRICE_COLUMNS, "%-13.13s %10.10s ", price->symbol, price->price);
        signed_text(price->change);
    }
    return row + ((int)model->price_count + across - 1) / across + 1;
}

static int draw_positions(const live_model_t *model, int row)
{
    int symbol = is_narrow() ? 13 : 14, side = is_narrow() ? 5 : 6, number = is_narrow() ? 8 : 12;
    char head[128];
    snprintf(head, sizeof head, "%-*s %-*s %-*s %-*s %-*s %-*s %-*s       result%s", symbol, "positions", side, "side", number,
             "quantity", number, "entry", number, "mark", number, "stop", number, "target", is_narrow() ? "" : " state");
    title(row++, head);
    for (uint32_t i = 0; i < model->position_count; i++) {
        const live_position_t *position = &model->positions[i];
        mvprintw(row, 0, "%-*.*s %-*.*s %-*.*s %-*.*s %-*.*s ", symbol, symbol, position->symbol, side, side, position->side,
                 number, number, position->quantity, number, number, position->entry, number, number, position->mark);
        if (position->stop[0] == '\0')
            attron(COLOR_PAIR(COLOUR_BAD));
        printw("%-*.*s ", number, number, position->stop[0] ? position->stop : "NONE");
        attroff(COLOR_PAIR(COLOUR_BAD));
        printw("%-*.*s ", number, number, position->target);
        signed_text(position->pnl);
        if (!is_narrow())
            printw(" %s", position->state);
        row++;
    }
    return row + 1;
}

static int draw_orders(const live_model_t *model, int row)
{
    int symbol = is_narrow() ? 13 : 14, number = is_narrow() ? 10 : 12;
    char head[128];
    snprintf(head, sizeof head, "%-*s leg     side  type             %-*s %-*s state", symbol, "orders", number, "price", number,
             "quantity");
    title(row++, head);
    for (uint32_t i = 0; i < model->order_count && row < LINES - 6; i++) {
        const live_order_t *order = &model->order_rows[i];
        mvprintw(row++, 0, "%-*.*s %-7.7s %-5.5s %-16.16s %-*.*s %-*.*s %.12s", symbol, symbol, order->symbol, order->leg,
                 order->side, order->type, number, number, order->price, number, number, order->quantity, order->state);
    }
    return row + 1;
}

static int draw_signals(const live_model_t *model, int row)
{
    title(row++, "signals");
    for (uint32_t i = 0; i < model->signal_count && row < LINES - 3; i++) {
        const live_signal_t *signal = &model->signal_rows[i];
        if (is_narrow())
            mvprintw(row++, 0, "%-16.16s %-13.13s %-5.5s %-8.8s %-10.10s %-4.4s %.17s", signal->time, signal->symbol, signal->side,
                     signal->strategy, signal->entry, strcmp(signal->kind, "exit") == 0 ? signal->kind : signal->confidence,
                     signal->verdict);
        else
            mvprintw(row++, 0, "%-20.19s %-14.14s %-6.6s %-10.10s %-5.5s %-12.12s confidence %-5.5s %s", signal->time,
                     signal->symbol, signal->side, signal->strategy, signal->kind, signal->entry, signal->confidence,
                     signal->verdict);
    }
    return row;
}

static void draw_processes(const live_model_t *model)
{
    move(LINES - 2, 0);
    for (uint32_t i = 0; i < model->process_count; i++) {
        const live_process_t *process = &model->processes[i];
        bool well = strcmp(process->state, "ok") == 0;
        attron(COLOR_PAIR(well ? COLOUR_GOOD : COLOUR_BAD));
        printw("%s %s", process->role, process->state);
        attroff(COLOR_PAIR(well ? COLOUR_GOOD : COLOUR_BAD));
        if (is_narrow() && process->restarts == 0)
            printw("   ");
        else if (is_narrow())
            printw(" (x%lld)   ", (long long)process->restarts);
        else
            printw(" %s(restarts %lld)   ", process->detail, (long long)process->restarts);
    }
    attron(COLOR_PAIR(COLOUR_DIM));
    mvaddstr(LINES - 1, 0,
             COLS < COLUMNS_USUAL ? "+ faster  - slower  space pause  q stop"
                                  : "+ faster   - slower   space pause   q stop (orders and stops stay)");
    attroff(COLOR_PAIR(COLOUR_DIM));
}

void live_view_draw(const live_model_t *model)
{
    erase();
    int row = draw_head(model);
    row = draw_prices(model, row);
    row = draw_positions(model, row);
    row = draw_orders(model, row);
    draw_signals(model, row);
    draw_processes(model);
    refresh();
}
