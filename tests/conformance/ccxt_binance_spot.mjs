// ccxt_binance_spot.mjs: unmodified ccxt (class binance) against `patriot exchange --face binance-spot`: a day of spot trading.
// node ccxt_binance_spot.mjs ADDRESS FOLDER-OF-NODE_MODULES
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';
import { check, done, inbox, within } from './checks.mjs';
// Its module form: what it requires are modules themselves, which only Node.js 20 and later can require (Debian 12 has 18).
const { default: ccxt } = await import(pathToFileURL(`${process.argv[3]}/node_modules/ccxt/js/ccxt.js`));

const address = process.argv[2];
const local = (u) => typeof u === 'string'
  ? u.replace(/^https:\/\//, `http://${address}/`).replace(/^wss:\/\//, `ws://${address}/`)
  : Object.fromEntries(Object.entries(u).map(([k, v]) => [k, local(v)]));
const near = (a, b, tolerance = 1e-7) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

const symbol = 'ETH/USDT';
const ex = new ccxt.pro.binance({ apiKey: 'KEY', secret: 'SECRET', enableRateLimit: false });
ex.urls.api = local(ex.urls.api);
await ex.loadHttpProxyAgent();

await check('load markets: currencies, margin pairs and the three exchangeInfo, all from one address', async () => {
  await ex.loadMarkets();
  const market = ex.market(symbol);
  assert.equal(market.spot, true);
  assert.equal(market.active, true);
  assert.equal(market.precision.price, 0.01);
  assert.equal(market.precision.amount, 0.0001);
  assert.equal(market.limits.cost.min, 5);
  assert.ok(Object.keys(ex.currencies).includes('ETH'));
});

let bid, ask;
await check('market data', async () => {
  const book = await ex.fetchOrderBook(symbol, 20);
  [bid, ask] = [book.bids[0][0], book.asks[0][0]];
  assert.ok(bid < ask && book.bids.length > 5);
  const bars = await ex.fetchOHLCV(symbol, '1h', undefined, 50);
  assert.equal(bars.length, 50);
  assert.equal(bars[1][0] - bars[0][0], 3600000);
  assert.ok(bars.every((b) => b[2] >= b[1] && b[2] >= b[4] && b[3] <= b[1] && b[3] <= b[4]));
  const ticker = await ex.fetchTicker(symbol);
  assert.ok(ticker.last > 0 && ticker.high >= ticker.low && ticker.bid < ticker.ask);
  assert.ok(Object.keys(await ex.fetchTickers()).length >= 3);
  assert.deepEqual(Object.keys(await ex.fetchTickers([symbol])), [symbol]);
  assert.ok((await ex.fetchBidsAsks([symbol]))[symbol].bid > 0);
  assert.ok((await ex.fetchLastPrices([symbol]))[symbol].price > 0);
  await ex.fetchTrades(symbol, undefined, 10);
  assert.ok(await ex.fetchTime() > 0);
  assert.equal((await ex.fetchStatus()).status, 'ok');
});

await check('account and fees', async () => {
  const balance = await ex.fetchBalance();
  assert.deepEqual([balance.USDT.free, balance.USDT.used, balance.USDT.total], [10000, 0, 10000]);
  assert.equal(balance.ETH.free, 2);
  const fee = await ex.fetchTradingFee(symbol);
  assert.deepEqual([fee.maker, fee.taker], [0.001, 0.001]);
  assert.ok(Object.keys(await ex.fetchTradingFees()).length >= 3);
});

// User data over the WS API first; a question on the same socket is answered when the subscription stands. Orders afterwards.
const orders = inbox();
const balances = inbox();
(async () => { for (;;) for (const order of await ex.watchOrders(symbol)) orders.put({ id: order.id, status: order.status }); })().catch(() => {});
(async () => { for (;;) balances.put(await ex.watchBalance()); })().catch(() => {});
await within('user data', ex.fetchBalanceWs());
const told = (id, status) => orders.find(`order ${id} ${status}`, (order) => order.id === id && order.status === status);

await check('a limit order rests, locks its quote, is found, edited and cancelled', async () => {
  const price = Math.floor(bid * 0.97);
  const order = await ex.createOrder(symbol, 'limit', 'buy', 0.5, price);
  assert.equal(order.status, 'open');
  await told(order.id, 'open');
  const locked = (await ex.fetchBalance()).USDT;
  near(locked.used, 0.5 * price);
  near(locked.total, 10000);
  assert.equal((await ex.fetchOpenOrders(symbol)).length, 1);
  assert.equal((await ex.fetchOrder(order.id, symbol)).price, price);
  const edited = await ex.editOrder(order.id, symbol, 'limit', 'buy', 0.6, price - 1);
  assert.notEqual(edited.id, order.id); // spot cancels and replaces
  assert.equal((await ex.fetchOrder(order.id, symbol)).status, 'canceled');
  assert.equal((await ex.fetchOrder(edited.id, symbol)).amount, 0.6);
  assert.equal((await ex.cancelOrder(edited.id, symbol)).status, 'canceled');
  await told(edited.id, 'canceled');
  near((await ex.fetchBalance()).USDT.free, 10000);
});

await check('market orders by amount and by cost, with their fills and fees', async () => {
  const trade = within('my trades', ex.watchMyTrades(symbol));
  const order = await ex.createOrder(symbol, 'market', 'buy', 0.1);
  assert.equal(order.status, 'closed');
  assert.equal(order.filled, 0.1);
  assert.ok(order.trades.length >= 1);
  assert.ok(order.trades.every((t) => t.fee.currency === 'ETH'));
  near(order.fees[0].cost, 0.0001);
  await told(order.id, 'closed');
  assert.equal((await trade)[0].symbol, symbol);
  const balance = await ex.fetchBalance();
  near(balance.ETH.total, 2.0999);
  near(balance.USDT.total, 10000 - order.cost, 1e-6);
  const byCost = await ex.createMarketBuyOrderWithCost(symbol, 200);
  assert.ok(byCost.cost <= 200 && byCost.cost > 199);
  const trades = await ex.fetchMyTrades(symbol);
  assert.ok(trades.length >= 2 && trades.every((t) => t.takerOrMaker === 'taker'));
  assert.equal((await ex.fetchOrderTrades(order.id, symbol)).length, order.trades.length);
  await balances.find('balance', (b) => b.ETH && b.ETH.total > 2.09);
});

await check('every other type of order', async () => {
  const low = Math.floor(bid * 0.9), high = Math.ceil(ask * 1.1);
  const maker = await ex.createOrder(symbol, 'limit', 'sell', 0.1, high, { postOnly: true });
  assert.equal((await ex.fetchOrder(maker.id, symbol)).postOnly, true);
  const fok = await ex.createOrder(symbol, 'limit', 'buy', 0.1, low, { timeInForce: 'FOK' });
  assert.equal(fok.status, 'expired');
  const ioc = await ex.createOrder(symbol, 'limit', 'buy', 0.1, low, { timeInForce: 'IOC' });
  assert.equal(ioc.status, 'expired');
  const stop = await ex.createOrder(symbol, 'market', 'sell', 0.1, undefined, { stopLossPrice: low });
  assert.equal((await ex.fetchOrder(stop.id, symbol)).triggerPrice, low);
  const stopLimit = await ex.createOrder(symbol, 'limit', 'sell', 0.1, low - 1, { stopLossPrice: low });
  const profit = await ex.createOrder(symbol, 'limit', 'sell', 0.1, high + 1, { takeProfitPrice: high });
  const trailing = await ex.createOrder(symbol, 'market', 'sell', 0.1, undefined, { trailingPercent: 1, stopLossOrTakeProfit: 'stopLoss' });
  const open = await ex.fetchOpenOrders(symbol);
  assert.deepEqual(open.map((o) => o.id).sort(), [maker, stop, stopLimit, profit, trailing].map((o) => o.id).sort());
  assert.ok((await ex.cancelAllOrders(symbol)).length >= 1);
  assert.equal((await ex.fetchOpenOrders(symbol)).length, 0);
  assert.ok((await ex.fetchOrders(symbol)).length >= 9);
  assert.ok((await ex.fetchClosedOrders(symbol)).length >= 2);
  assert.ok((await ex.fetchCanceledOrders(symbol)).length >= 5);
});

await check('client ids and order lists through the raw calls', async () => {
  const order = await ex.createOrder(symbol, 'limit', 'buy', 0.1, Math.floor(bid * 0.95), { newClientOrderId: 'mine-1' });
  assert.equal((await ex.fetchOrder(undefined, symbol, { origClientOrderId: 'mine-1' })).id, order.id);
  const amended = await ex.request('order/amend/keepPriority', 'private', 'PUT', { symbol: 'ETHUSDT', orderId: order.id, newQty: '0.05' });
  assert.equal(amended.amendedOrder.qty, '0.05000000');
  await ex.cancelOrder(order.id, symbol);
  const list = await ex.privatePostOrderListOco({
    symbol: 'ETHUSDT', side: 'SELL', quantity: '0.5', aboveType: 'LIMIT_MAKER', abovePrice: String(Math.ceil(ask * 1.05)),
    belowType: 'STOP_LOSS', belowStopPrice: String(Math.floor(bid * 0.95)),
  });
  assert.equal(list.orders.length, 2);
  near((await ex.fetchBalance()).ETH.used, 0.5);
  assert.equal((await ex.privateGetOpenOrderList()).length, 1);
  const gone = await ex.privateDeleteOrderList({ symbol: 'ETHUSDT', orderListId: list.orderListId });
  assert.equal(gone.listOrderStatus, 'ALL_DONE');
  near((await ex.fetchBalance()).ETH.used, 0);
  assert.equal((await ex.privatePostOrderListOtoco({
    symbol: 'ETHUSDT', workingType: 'LIMIT', workingSide: 'BUY', workingPrice: String(Math.floor(bid * 0.95)), workingQuantity: '0.1',
    workingTimeInForce: 'GTC', pendingSide: 'SELL', pendingQuantity: '0.0999', pendingAboveType: 'LIMIT_MAKER',
    pendingAbovePrice: String(Math.ceil(ask * 1.05)), pendingBelowType: 'STOP_LOSS', pendingBelowStopPrice: String(Math.floor(bid * 0.9)),
  })).orderReports[1].status, 'PENDING_NEW');
  await ex.cancelAllOrders(symbol);
});

await check('orders over the socket API', async () => {
  const order = await within('createOrderWs', ex.createOrderWs(symbol, 'limit', 'buy', 0.1, Math.floor(bid * 0.97)));
  assert.equal(order.status, 'open');
  const edited = await within('editOrderWs', ex.editOrderWs(order.id, symbol, 'limit', 'buy', 0.2, Math.floor(bid * 0.96)));
  assert.equal((await within('fetchOrderWs', ex.fetchOrderWs(edited.id, symbol))).amount, 0.2);
  assert.equal((await within('fetchOpenOrdersWs', ex.fetchOpenOrdersWs(symbol))).length, 1);
  await within('cancelOrderWs', ex.cancelOrderWs(edited.id, symbol));
  const stop = await within('stop over Ws', ex.createOrderWs(symbol, 'market', 'sell', 0.1, undefined, { stopLossPrice: Math.floor(bid * 0.9) }));
  await within('cancelAllOrdersWs', ex.cancelAllOrdersWs(symbol));
  assert.equal((await ex.fetchOrder(stop.id, symbol)).status, 'canceled');
  // ccxt parses this reply without knowing that it is spot's: only the raw rows are there
  assert.ok((await within('fetchBalanceWs', ex.fetchBalanceWs())).info.balances.some((row) => row.asset === 'ETH' && Number(row.locked) === 0));
});

await check('public streams', async () => {
  assert.ok((await within('ticker', ex.watchTicker(symbol))).last > 0);
  assert.ok((await within('book', ex.watchOrderBook(symbol))).bids[0][0] > 0);
  assert.ok((await within('trades', ex.watchTrades(symbol))).length > 0);
  assert.ok((await within('bars', ex.watchOHLCV(symbol, '1m'))).length > 0);
  assert.ok((await within('bids and asks', ex.watchBidsAsks([symbol])))[symbol].bid > 0);
});

await check('the day ends in dollars', async () => {
  const eth = (await ex.fetchBalance()).ETH.free;
  const order = await ex.createOrder(symbol, 'market', 'sell', Math.floor(eth * 10000) / 10000);
  assert.equal(order.status, 'closed');
  assert.ok(order.trades.every((t) => t.fee.currency === 'USDT'));
  near((await ex.fetchBalance()).ETH.total, eth - order.filled);
});

await check('errors become the right exceptions (real URLs, fetch hook)', async () => {
  const hook = (key, secret) => new ccxt.binance({
    apiKey: key, secret, enableRateLimit: false,
    fetchImplementation: (url, options) => fetch(url.replace('https://', `http://${address}/`), options),
  });
  const real = hook('KEY', 'SECRET');
  await real.loadMarkets();
  const fails = (kind, promise) => assert.rejects(promise, (error) => error instanceof kind || assert.fail(`${error.constructor.name}: ${error.message}`));
  await fails(ccxt.InsufficientFunds, real.createOrder(symbol, 'limit', 'buy', 1000, Math.floor(bid * 0.99)));
  await fails(ccxt.OrderNotFound, real.cancelOrder('123456789', symbol));
  await fails(ccxt.OrderNotFound, real.fetchOrder('123456789', symbol));
  await fails(ccxt.OrderImmediatelyFillable, real.createOrder(symbol, 'limit', 'buy', 0.1, Math.ceil(ask * 1.01), { postOnly: true }));
  await fails(ccxt.InvalidOrder, real.createOrder(symbol, 'market', 'sell', 0.01, undefined, { stopLossPrice: Math.ceil(ask * 1.1) }));
  await fails(ccxt.InvalidOrder, real.privatePostOrder({ symbol: 'ETHUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.00001', price: '1000' }));
  await fails(ccxt.BadRequest, real.privatePostOrder({ symbol: 'ETHUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.001', price: '1000.00' }));
  await fails(ccxt.BadRequest, real.privatePostOrder({ symbol: 'ETHUSDT', side: 'BUY', type: 'LIMIT' }));
  await fails(ccxt.BadSymbol, real.publicGetDepth({ symbol: 'NOSUCH' }));
  await fails(ccxt.AuthenticationError, hook('KEY', 'WRONG').privateGetAccount());
  await fails(ccxt.AuthenticationError, hook('NOBODY', 'SECRET').privateGetAccount());
  await fails(ccxt.InvalidNonce, real.privateGetAccount({ timestamp: 1 }));
});

done(`ccxt ${ccxt.version}, spot`);
