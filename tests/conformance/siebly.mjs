// siebly.mjs: the npm client `binance` (siebly) against `patriot exchange`.
// node siebly.mjs ADDRESS FOLDER-OF-NODE_MODULES
import { createRequire } from 'node:module';
import { webcrypto } from 'node:crypto';
import assert from 'node:assert/strict';
import { check, done, inbox, within } from './checks.mjs';
globalThis.crypto ??= webcrypto; // a global of Node.js 19 and later; Debian 12 has 18
const { USDMClient, WebsocketClient, WebsocketAPIClient, WS_KEY_MAP } = createRequire(process.argv[3] + '/')('binance');

const address = process.argv[2];
const symbol = 'ETHUSDT';
const make = (api_key, api_secret) => new USDMClient({ api_key, api_secret, baseUrl: `http://${address}`, beautifyResponses: false });
const client = make('KEY', 'SECRET');
const quiet = { trace() {}, info() {}, error() {} };

let bid, ask;
await check('public questions', async () => {
  await client.testConnectivity();
  const rules = (await client.getExchangeInfo()).symbols.find((s) => s.symbol === symbol);
  assert.ok(rules.orderTypes.includes('STOP_MARKET'));
  const book = await client.getOrderBook({ symbol, limit: 20 });
  [bid, ask] = [Number(book.bids[0][0]), Number(book.asks[0][0])];
  assert.ok(bid < ask);
  assert.equal((await client.getKlines({ symbol, interval: '1h', limit: 50 })).length, 50);
  assert.equal((await client.getMarkPriceKlines({ symbol, interval: '4h', limit: 5 })).length, 5);
  assert.ok((await client.getServerTime()) > 0);
  assert.ok(Number((await client.getMarkPrice({ symbol })).markPrice) > 0);
  assert.equal((await client.get24hrChangeStatistics({ symbol })).symbol, symbol);
  assert.ok((await client.getSymbolPriceTicker()).length >= 3);
  assert.ok(Number((await client.getSymbolOrderBookTicker({ symbol })).askPrice) > 0);
  await client.getAggregateTrades({ symbol, limit: 10 });
  await client.getRecentTrades({ symbol, limit: 10 });
  await client.getFundingRateHistory({ symbol, limit: 5 });
});

await check('the account', async () => {
  assert.equal(Number((await client.getBalanceV3()).find((row) => row.asset === 'USDT').balance), 10000);
  assert.equal(Number((await client.getBalance()).find((row) => row.asset === 'USDT').availableBalance), 10000);
  assert.equal(Number((await client.getAccountInformationV3()).availableBalance), 10000);
  await client.getAccountInformation();
  assert.equal(Number((await client.setLeverage({ symbol, leverage: 10 })).leverage), 10);
  assert.equal((await client.getCurrentPositionMode()).dualSidePosition, false);
  assert.equal((await client.getMultiAssetsMode()).multiAssetsMargin, false);
  assert.equal((await client.getFuturesAccountConfig()).canTrade, true);
  assert.deepEqual(await client.getPositionsV3({ symbol }), []);
});

const events = inbox();
const sockets = new WebsocketClient({ api_key: 'KEY', api_secret: 'SECRET', wsUrl: `ws://${address}`, restOptions: { baseUrl: `http://${address}` } }, quiet);
sockets.on('message', (event) => events.put(event.data ?? event));
const opened = inbox();
sockets.on('open', opened.put);
sockets.on('exception', (error) => { console.error('socket:', error); });
await check('streams', async () => {
  await sockets.subscribeUsdFuturesUserDataStream();
  await sockets.subscribe([`${symbol.toLowerCase()}@bookTicker`, `${symbol.toLowerCase()}@depth@100ms`], WS_KEY_MAP.usdmPublic);
  await sockets.subscribe([`${symbol.toLowerCase()}@kline_1m`, `${symbol.toLowerCase()}@markPrice@1s`, `${symbol.toLowerCase()}@aggTrade`], WS_KEY_MAP.usdmMarket);
  for (const kind of ['bookTicker', 'depthUpdate', 'kline', 'markPriceUpdate', 'aggTrade']) await events.find(kind, (e) => e.e === kind && e.s === symbol);
  await opened.find('the user\'s socket', (e) => e.wsKey.includes('userData'));
});
const told = (id, status) => events.find(`order ${id} ${status}`, (e) => e.e === 'ORDER_TRADE_UPDATE' && e.o.i === id && e.o.X === status);

await check('a limit order rests, is changed, found and cancelled', async () => {
  const order = await client.submitNewOrder({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97) });
  assert.equal(order.status, 'NEW');
  assert.ok(order.clientOrderId.startsWith('x-15PC4ZJy'));
  await told(order.orderId, 'NEW');
  assert.equal(Number((await client.modifyOrder({ symbol, orderId: order.orderId, side: 'BUY', quantity: 0.06, price: Math.floor(bid * 0.96) })).origQty), 0.06);
  assert.equal((await client.getAllOpenOrders({ symbol })).length, 1);
  assert.equal((await client.getOrder({ symbol, origClientOrderId: order.clientOrderId })).orderId, order.orderId);
  assert.equal((await client.cancelOrder({ symbol, orderId: order.orderId })).status, 'CANCELED');
  await told(order.orderId, 'CANCELED');
});

await check('a market order makes a position', async () => {
  const order = await client.submitNewOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 0.1, newOrderRespType: 'RESULT' });
  assert.equal(order.status, 'FILLED');
  assert.equal((await told(order.orderId, 'FILLED')).o.x, 'TRADE');
  await events.find('ACCOUNT_UPDATE', (e) => e.e === 'ACCOUNT_UPDATE' && e.a.P.some((p) => p.s === symbol && Number(p.pa) === 0.1));
  assert.equal(Number((await client.getPositionsV3({ symbol }))[0].positionAmt), 0.1);
  assert.equal((await client.getAccountTrades({ symbol })).length, 1);
  assert.ok((await client.getAllOrders({ symbol })).length >= 2);
  assert.ok((await client.getIncomeHistory({ symbol })).length >= 1);
});

await check('conditional orders', async () => {
  const stop = await client.submitNewAlgoOrder({ algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', quantity: '0.1', triggerPrice: String(Math.floor(bid * 0.9)), reduceOnly: 'true' });
  assert.equal(stop.algoStatus, 'NEW');
  await events.find('ALGO_UPDATE', (e) => e.e === 'ALGO_UPDATE' && e.o.aid === stop.algoId && e.o.X === 'NEW');
  assert.equal((await client.getOpenAlgoOrders({ symbol })).length, 1);
  assert.equal((await client.getAlgoOrder({ algoId: stop.algoId })).algoId, stop.algoId);
  await client.cancelAlgoOrder({ algoId: stop.algoId });
  assert.equal((await client.getOpenAlgoOrders({ symbol })).length, 0);
});

await check('batches', async () => {
  const one = (price) => ({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.05', price: String(price) });
  const placed = await client.submitMultipleOrders([one(Math.floor(bid * 0.95)), one(1000.001), one(Math.floor(bid * 0.94))]);
  assert.equal(placed[1].code, -1111);
  assert.equal((await client.cancelMultipleOrders({ symbol, orderIdList: [placed[0].orderId] }))[0].status, 'CANCELED');
  await client.cancelAllOpenOrders({ symbol });
  assert.equal((await client.getAllOpenOrders({ symbol })).length, 0);
});

await check('orders over the socket API', async () => {
  const api = new WebsocketAPIClient({ api_key: 'KEY', api_secret: 'SECRET', wsUrl: `ws://${address}`, attachEventListeners: false }, quiet);
  const order = (await within('place', api.submitNewFuturesOrder('usdm', { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97), timestamp: Date.now() }))).result;
  assert.equal(order.status, 'NEW');
  assert.equal((await within('status', api.getFuturesOrderStatus('usdm', { symbol, orderId: order.orderId, timestamp: Date.now() }))).result.status, 'NEW');
  assert.equal((await within('cancel', api.cancelFuturesOrder('usdm', { symbol, orderId: order.orderId, timestamp: Date.now() }))).result.status, 'CANCELED');
  assert.equal(Number((await within('position', api.getFuturesPositionV2({ symbol, timestamp: Date.now() }))).result[0].positionAmt), 0.1);
  await within('balance', api.getFuturesAccountBalanceV2({ timestamp: Date.now() }));
  await assert.rejects(within('refusal', api.cancelFuturesOrder('usdm', { symbol, orderId: 123456789, timestamp: Date.now() })), (error) => error.error?.code === -2011 || assert.fail(JSON.stringify(error)));
});

await check('the position is closed', async () => {
  assert.equal((await client.submitNewOrder({ symbol, side: 'SELL', type: 'MARKET', quantity: 0.1, reduceOnly: 'true', newOrderRespType: 'RESULT' })).status, 'FILLED');
  assert.deepEqual(await client.getPositionsV3({ symbol }), []);
});

await check('errors carry the code of the venue', async () => {
  const fails = (code, promise) => assert.rejects(promise, (error) => error.code === code || assert.fail(`${JSON.stringify(error)}, wanted ${code}`));
  const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97) };
  await fails(-2019, client.submitNewOrder({ ...limit, quantity: 1000 }));
  await fails(-2011, client.cancelOrder({ symbol, orderId: 123456789 }));
  await fails(-2013, client.getOrder({ symbol, orderId: 123456789 }));
  await fails(-4164, client.submitNewOrder({ ...limit, quantity: 0.001 }));
  await fails(-1111, client.submitNewOrder({ ...limit, price: 1000.001 }));
  await fails(-2022, client.submitNewOrder({ symbol, side: 'SELL', type: 'MARKET', quantity: 0.1, reduceOnly: 'true' }));
  await fails(-2021, client.submitNewAlgoOrder({ algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', quantity: '0.1', triggerPrice: String(Math.ceil(ask * 1.1)) }));
  await fails(-1121, client.getOrderBook({ symbol: 'NOSUCH' }));
  await fails(-1022, make('KEY', 'WRONG').getBalanceV3());
  await fails(-2015, make('NOBODY', 'SECRET').getBalanceV3());
});
done('binance (siebly)');
