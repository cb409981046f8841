// binance_sdk_spot.mjs: Binance's own SDK for spot against `patriot exchange --face binance-spot`.
// node binance_sdk_spot.mjs ADDRESS FOLDER-OF-NODE_MODULES
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { check, done, inbox, within } from './checks.mjs';
const { Spot, BadRequestError } = createRequire(process.argv[3] + '/')('@binance/spot');

const address = process.argv[2];
const symbol = 'ETHUSDT';
const client = (apiKey, apiSecret) => new Spot({
  configurationRestAPI: { apiKey, apiSecret, basePath: `http://${address}`, retries: 0 },
  configurationWebsocketAPI: { apiKey, apiSecret, wsURL: `ws://${address}/ws-api/v3` },
  configurationWebsocketStreams: { wsURL: `ws://${address}` },
});
const sdk = client('KEY', 'SECRET');
const call = async (name, params) => (await (await sdk.restAPI[name](params)).data());

let bid, ask;
await check('public questions', async () => {
  const info = await call('exchangeInfo', { symbol });
  assert.equal(info.symbols.length, 1);
  assert.ok(info.symbols[0].filters.some((f) => f.filterType === 'NOTIONAL'));
  const book = await call('depth', { symbol, limit: 20 });
  [bid, ask] = [Number(book.bids[0][0]), Number(book.asks[0][0])];
  assert.ok(bid < ask);
  assert.equal((await call('klines', { symbol, interval: '1h', limit: 50 })).length, 50);
  assert.equal((await call('uiKlines', { symbol, interval: '1h', limit: 5 })).length, 5);
  assert.ok(Number((await call('time')).serverTime) > 0);
  assert.ok(Number((await call('avgPrice', { symbol })).price) > 0);
  assert.equal((await call('ticker24hr', { symbol })).symbol, symbol);
  assert.equal((await call('ticker', { symbol, windowSize: '4h' })).symbol, symbol);
  assert.ok(Number((await call('tickerPrice', { symbol })).price) > 0);
  assert.ok(Number((await call('tickerBookTicker', { symbol })).bidPrice) > 0);
  await call('aggTrades', { symbol, limit: 10 });
  await call('getTrades', { symbol, limit: 10 });
});

await check('the account', async () => {
  const account = await call('getAccount', { omitZeroBalances: true });
  assert.equal(account.balances.find((row) => row.asset === 'USDT').free, '10000.00000000');
  assert.equal((await call('accountCommission', { symbol })).standardCommission.taker, '0.00100000');
  assert.equal((await call('rateLimitOrder')).length, 2);
});

const events = inbox();
let ws;
await check('user data over the socket API', async () => {
  ws = await within('connect', sdk.websocketAPI.connect());
  const { stream } = await within('subscribe', ws.userDataStreamSubscribeSignature({}));
  stream.on('message', events.put);
});
const told = (id, status) => events.find(`order ${id} ${status}`, (e) => e.e === 'executionReport' && String(e.i) === String(id) && e.X === status);

await check('orders over REST', async () => {
  const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97) };
  const order = await call('newOrder', { ...limit, newClientOrderId: 'sdk-1' });
  assert.equal(order.status, 'NEW');
  await told(order.orderId, 'NEW');
  assert.equal((await call('getOpenOrders', { symbol })).length, 1);
  assert.equal((await call('getOrder', { symbol, origClientOrderId: 'sdk-1' })).orderId.toString(), order.orderId.toString());
  assert.equal((await call('orderAmendKeepPriority', { symbol, orderId: order.orderId, newQty: 0.04 })).amendedOrder.qty, '0.04000000');
  const replaced = await call('orderCancelReplace', { ...limit, cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: order.orderId });
  assert.equal(replaced.newOrderResult, 'SUCCESS');
  await told(order.orderId, 'CANCELED');
  assert.equal((await call('deleteOrder', { symbol, orderId: replaced.newOrderResponse.orderId })).status, 'CANCELED');
  const market = await call('newOrder', { symbol, side: 'BUY', type: 'MARKET', quoteOrderQty: 100 });
  assert.equal(market.status, 'FILLED');
  assert.ok(market.fills.every((fill) => fill.commissionAsset === 'ETH'));
  await told(market.orderId, 'FILLED');
  await events.find('outboundAccountPosition', (e) => e.e === 'outboundAccountPosition' && e.B.some((row) => row.a === 'ETH' && Number(row.f) > 2));
  assert.equal((await call('myTrades', { symbol })).length, market.fills.length);
  assert.ok((await call('allOrders', { symbol })).length >= 3);
  await call('orderTest', limit);
});

await check('order lists', async () => {
  const list = await call('orderListOco', {
    symbol, side: 'SELL', quantity: 0.5, aboveType: 'LIMIT_MAKER', abovePrice: Math.ceil(ask * 1.05), belowType: 'STOP_LOSS', belowStopPrice: Math.floor(bid * 0.95),
  });
  await events.find('listStatus', (e) => e.e === 'listStatus' && String(e.g) === String(list.orderListId) && e.L === 'EXECUTING');
  assert.equal((await call('openOrderList')).length, 1);
  assert.equal((await call('deleteOrderList', { symbol, orderListId: list.orderListId })).listOrderStatus, 'ALL_DONE');
  const bracket = await call('orderListOtoco', {
    symbol, workingType: 'LIMIT', workingTimeInForce: 'GTC', workingSide: 'BUY', workingPrice: Math.floor(bid * 0.95), workingQuantity: 0.1, pendingSide: 'SELL',
    pendingQuantity: 0.09, pendingAboveType: 'TAKE_PROFIT', pendingAboveStopPrice: Math.ceil(ask * 1.1), pendingBelowType: 'STOP_LOSS', pendingBelowStopPrice: Math.floor(bid * 0.9),
  });
  assert.equal(bracket.orders.length, 3);
  assert.equal((await call('getOrderList', { orderListId: bracket.orderListId })).contingencyType, 'OTO');
  assert.equal((await call('deleteOpenOrders', { symbol })).length, 1);
  assert.equal((await call('allOrderList')).length, 2);
});

await check('orders over the socket API', async () => {
  const ask_ = async (name, params) => (await within(name, ws[name](params))).data;
  const order = await ask_('orderPlace', { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97) });
  assert.equal(order.status, 'NEW');
  assert.equal((await ask_('orderStatus', { symbol, orderId: order.orderId })).status, 'NEW');
  assert.equal((await ask_('orderCancel', { symbol, orderId: order.orderId })).status, 'CANCELED');
  assert.ok((await ask_('accountStatus', {})).balances.length > 0);
  assert.equal((await ask_('depth', { symbol, limit: 5 })).bids.length, 5);
  await assert.rejects(ask_('orderCancel', { symbol, orderId: 123456789 }), (error) => /-2011|Unknown order/.test(JSON.stringify(error) + String(error.message ?? error)));
});

await check('market streams', async () => {
  const market = inbox();
  const streams = await within('connect', sdk.websocketStreams.connect());
  streams.bookTicker({ symbol }).on('message', market.put);
  streams.kline({ symbol, interval: '1m' }).on('message', market.put);
  streams.aggTrade({ symbol }).on('message', market.put);
  streams.diffBookDepth({ symbol, updateSpeed: '100ms' }).on('message', market.put);
  streams.partialBookDepth({ symbol, levels: '5' }).on('message', market.put);
  for (const kind of ['kline', 'aggTrade', 'depthUpdate']) await market.find(kind, (e) => e.e === kind && e.s === symbol);
  await market.find('bookTicker', (e) => e.u && e.s === symbol && e.e === undefined);
  await market.find('depth5', (e) => e.lastUpdateId && e.bids.length === 5);
  await streams.disconnect();
});

await check('errors', async () => {
  const fails = (text, promise) => assert.rejects(promise, (error) => (error instanceof BadRequestError && text.test(error.message)) || assert.fail(`${error.name}: ${error.message}`));
  const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97) };
  await fails(/insufficient balance/, call('newOrder', { ...limit, quantity: 1000 }));
  await fails(/Unknown order sent/, call('deleteOrder', { symbol, orderId: 123456789 }));
  await fails(/Order does not exist/, call('getOrder', { symbol, orderId: 123456789 }));
  await fails(/Filter failure: NOTIONAL/, call('newOrder', { ...limit, quantity: 0.001 }));
  await fails(/Filter failure: PRICE_FILTER/, call('newOrder', { ...limit, price: 2000.001 }));
  await fails(/trigger immediately/, call('newOrder', { symbol, side: 'SELL', type: 'STOP_LOSS', quantity: 0.1, stopPrice: Math.ceil(ask * 1.1) }));
  await fails(/Invalid symbol/, call('depth', { symbol: 'NOSUCH' }));
  await assert.rejects(client('KEY', 'WRONG').restAPI.getAccount(), /Signature/);
  await assert.rejects(client('NOBODY', 'SECRET').restAPI.getAccount(), /API-key/i);
});
await ws.disconnect();
done('@binance/spot');
