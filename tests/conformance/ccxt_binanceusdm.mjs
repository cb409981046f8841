// ccxt_binanceusdm.mjs: unmodified ccxt (class binanceusdm) against `patriot exchange`: what a user's program does on a day.
// node ccxt_binanceusdm.mjs ADDRESS FOLDER-OF-NODE_MODULES
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';
import { check, done, inbox, within } from './checks.mjs';
// Its module form: what it requires are modules themselves, which only Node.js 20 and later can require (Debian 12 has 18).
const { default: ccxt } = await import(pathToFileURL(`${process.argv[3]}/node_modules/ccxt/js/ccxt.js`));

const address = process.argv[2];
const local = (u) => typeof u === 'string'
  ? u.replace(/^https:\/\//, `http://${address}/`).replace(/^wss:\/\//, `ws://${address}/`)
  : Object.fromEntries(Object.entries(u).map(([k, v]) => [k, local(v)]));
const symbol = 'ETH/USDT:USDT';
const ex = new ccxt.pro.binanceusdm({ apiKey: 'KEY', secret: 'SECRET', enableRateLimit: false });
ex.urls.api = local(ex.urls.api);
await ex.loadHttpProxyAgent();
await check('load markets, with the two sapi calls that come before', async () => {
  await ex.loadMarkets();
  const market = ex.market(symbol);
  assert.equal(market.swap, true);
  assert.equal(market.linear, true);
  assert.equal(market.precision.price, 0.01);
  assert.equal(market.limits.cost.min, 20);
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
  assert.equal((await ex.fetchOHLCV(symbol, '1d', undefined, 60)).length, 60);
  const ticker = await ex.fetchTicker(symbol);
  assert.ok(ticker.last > 0 && ticker.high >= ticker.low);
  assert.ok(Object.keys(await ex.fetchTickers()).length >= 3);
  assert.ok((await ex.fetchFundingRate(symbol)).markPrice > 0);
  assert.ok((await ex.fetchBidsAsks([symbol]))[symbol].bid > 0);
  await ex.fetchTrades(symbol, undefined, 10);
  assert.ok(await ex.fetchTime() > 0);
  assert.equal((await ex.fetchStatus()).status, 'ok');
});

await check('account', async () => {
  const balance = await ex.fetchBalance();
  assert.equal(balance.USDT.total, 10000);
  assert.equal(balance.USDT.free, 10000);
  assert.equal((await ex.fetchPositions([symbol])).length, 0);
  await ex.setLeverage(10, symbol);
  assert.equal((await ex.fetchLeverage(symbol)).longLeverage, 10);
  assert.equal((await ex.fetchPositionMode(symbol)).hedged, false);
  const fee = await ex.fetchTradingFee(symbol);
  assert.equal(fee.maker, 0.0002);
  assert.equal(fee.taker, 0.0005);
  assert.ok((await ex.fetchLeverageTiers([symbol]))[symbol].length > 5);
});

// The private socket first (ccxt calls onConnected for its user when one stands), orders afterwards.
const opened = inbox();
const orders = inbox();
ex.onConnected = (client) => opened.put(client.url);
(async () => {
  for (;;) {
    for (const order of await ex.watchOrders(symbol)) orders.put({ id: order.id, status: order.status });
  }
})().catch(() => {});
await opened.find('private socket', (url) => url.includes('private'));
const told = (id, status) => orders.find(`order ${id} ${status}`, (order) => order.id === id && order.status === status);

await check('a limit order rests, is changed, found and cancelled', async () => {
  const order = await ex.createOrder(symbol, 'limit', 'buy', 0.05, Math.floor(bid * 0.97));
  assert.equal(order.status, 'open');
  await told(order.id, 'open');
  assert.equal((await ex.fetchOpenOrders(symbol)).length, 1);
  const changed = await ex.editOrder(order.id, symbol, 'limit', 'buy', 0.06, Math.floor(bid * 0.96));
  assert.equal(changed.amount, 0.06);
  assert.equal((await ex.fetchOrder(order.id, symbol)).price, Math.floor(bid * 0.96));
  assert.equal((await ex.cancelOrder(order.id, symbol)).status, 'canceled');
  await told(order.id, 'canceled');
  assert.equal((await ex.fetchOpenOrders(symbol)).length, 0);
});

await check('a market order fills and makes a position', async () => {
  const trade = within('my trades', ex.watchMyTrades(symbol));
  const order = await ex.createOrder(symbol, 'market', 'buy', 0.1);
  assert.equal(order.status, 'closed');
  assert.equal(order.filled, 0.1);
  await told(order.id, 'closed');
  assert.equal((await trade)[0].amount, 0.1);
  const [position] = await ex.fetchPositions([symbol]);
  assert.equal(position.contracts, 0.1);
  assert.equal(position.side, 'long');
  assert.equal((await ex.fetchMyTrades(symbol)).length, 1);
  assert.ok((await ex.fetchOrders(symbol)).length >= 2);
});

let stop;
await check('a stop order is a conditional order of its own', async () => {
  stop = await ex.createOrder(symbol, 'market', 'sell', 0.1, undefined, { stopLossPrice: Math.floor(bid * 0.9), reduceOnly: true });
  assert.equal(stop.status, 'open');
  const open = await ex.fetchOpenOrders(symbol, undefined, undefined, { trigger: true });
  assert.equal(open.length, 1);
  assert.equal(open[0].id, stop.id);
  assert.equal(open[0].reduceOnly, true);
  const trailing = await ex.createOrder(symbol, 'market', 'sell', 0.1, undefined, { trailingPercent: 1, reduceOnly: true });
  const limit = await ex.createOrder(symbol, 'limit', 'sell', 0.1, Math.ceil(ask * 1.2), { takeProfitPrice: Math.ceil(ask * 1.2) });
  assert.equal((await ex.fetchOpenOrders(symbol, undefined, undefined, { trigger: true })).length, 3);
  assert.equal((await ex.fetchOrder(stop.id, symbol, { trigger: true })).id, stop.id);
  for (const one of [trailing, limit, stop]) await ex.cancelOrder(one.id, symbol, { trigger: true });
  assert.equal((await ex.fetchOpenOrders(symbol, undefined, undefined, { trigger: true })).length, 0);
});

await check('batches, client ids, cancel all', async () => {
  const price = Math.floor(bid * 0.96);
  const batch = await ex.createOrders([
    { symbol, type: 'limit', side: 'buy', amount: 0.05, price },
    { symbol, type: 'limit', side: 'buy', amount: 0.00001, price },
    { symbol, type: 'limit', side: 'buy', amount: 0.05, price: price - 1, params: { newClientOrderId: 'mine-1' } },
  ].filter((o) => o.amount >= 0.001));
  assert.equal(batch.length, 2);
  assert.equal((await ex.fetchOrder(undefined, symbol, { origClientOrderId: 'mine-1' })).clientOrderId, 'mine-1');
  await ex.cancelOrders([batch[0].id], symbol);
  assert.equal((await ex.fetchOpenOrders(symbol)).length, 1);
  await ex.cancelAllOrders(symbol);
  assert.equal((await ex.fetchOpenOrders(symbol)).length, 0);
});

await check('orders over the socket API', async () => {
  const order = await within('createOrderWs', ex.createOrderWs(symbol, 'limit', 'buy', 0.05, Math.floor(bid * 0.97)));
  assert.equal(order.status, 'open');
  await within('cancelOrderWs', ex.cancelOrderWs(order.id, symbol));
  const conditional = await within('stop over Ws', ex.createOrderWs(symbol, 'market', 'sell', 0.1, undefined, { stopLossPrice: Math.floor(bid * 0.9) }));
  await ex.cancelOrder(conditional.id, symbol, { trigger: true });
});

await check('public streams', async () => {
  assert.ok((await within('ticker', ex.watchTicker(symbol))).last > 0);
  assert.ok((await within('book', ex.watchOrderBook(symbol))).bids[0][0] > 0);
  assert.ok((await within('trades', ex.watchTrades(symbol))).length > 0);
  assert.ok((await within('bars', ex.watchOHLCV(symbol, '1m'))).length > 0);
  assert.ok((await within('mark', ex.watchMarkPrice(symbol))).markPrice > 0);
  assert.ok((await within('bids and asks', ex.watchBidsAsks([symbol])))[symbol].bid > 0);
});

await check('the position is closed', async () => {
  const order = await ex.createOrder(symbol, 'market', 'sell', 0.1, undefined, { reduceOnly: true });
  assert.equal(order.status, 'closed');
  assert.equal((await ex.fetchPositions([symbol])).length, 0);
  const balance = await ex.fetchBalance();
  assert.ok(balance.USDT.total !== 10000);
});

await check('errors become the right exceptions (real URLs, fetch hook)', async () => {
  const hook = (key, secret) => new ccxt.binanceusdm({
    apiKey: key, secret, enableRateLimit: false, options: { fetchCurrencies: false },
    fetchImplementation: (url, options) => fetch(url.replace('https://', `http://${address}/`), options),
  });
  const real = hook('KEY', 'SECRET');
  real.has.fetchCurrencies = false;
  await real.loadMarkets();
  const fails = (kind, promise) => assert.rejects(promise, (error) => error instanceof kind || assert.fail(`${error.constructor.name}: ${error.message}`));
  await fails(ccxt.InsufficientFunds, real.createOrder(symbol, 'limit', 'buy', 1000, Math.floor(bid * 0.99)));
  await fails(ccxt.OrderNotFound, real.cancelOrder('123456789', symbol));
  await fails(ccxt.OrderNotFound, real.fetchOrder('123456789', symbol));
  await fails(ccxt.OrderImmediatelyFillable, real.createOrder(symbol, 'market', 'sell', 0.1, undefined, { stopLossPrice: Math.ceil(ask * 1.1) }));
  await fails(ccxt.OrderNotFillable, real.createOrder(symbol, 'limit', 'buy', 0.1, Math.ceil(ask * 1.01), { postOnly: true }));
  await fails(ccxt.InvalidOrder, real.createOrder(symbol, 'market', 'sell', 0.1, undefined, { reduceOnly: true }));
  await fails(ccxt.InvalidOrder, real.createOrder(symbol, 'limit', 'buy', 0.001, Math.floor(bid)));
  await fails(ccxt.BadRequest, real.fapiPrivatePostOrder({ symbol: 'ETHUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.05', price: '1000.001' }));
  await fails(ccxt.BadSymbol, real.fapiPublicGetDepth({ symbol: 'NOSUCH' }));
  await fails(ccxt.MarginModeAlreadySet, real.setMarginMode('cross', symbol));
  await fails(ccxt.AuthenticationError, hook('KEY', 'WRONG').fapiPrivateV3GetBalance());
  await fails(ccxt.AuthenticationError, hook('NOBODY', 'SECRET').fapiPrivateV3GetBalance());
  await fails(ccxt.InvalidNonce, real.fapiPrivateV3GetBalance({ timestamp: 1 }));
});

done(`ccxt ${ccxt.version}`);
