// binance_sdk.mjs: Binance's own SDK for USD-M futures against `patriot exchange`.
// node binance_sdk.mjs ADDRESS FOLDER-OF-NODE_MODULES
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { check, done, inbox, within } from './checks.mjs';
const { DerivativesTradingUsdsFutures, BadRequestError } = createRequire(process.argv[3] + '/')('@binance/derivatives-trading-usds-futures');

const address = process.argv[2];
const symbol = 'ETHUSDT';
const client = (apiKey, apiSecret) => new DerivativesTradingUsdsFutures({
  configurationRestAPI: { apiKey, apiSecret, basePath: `http://${address}`, retries: 0 },
  configurationWebsocketAPI: { apiKey, apiSecret, wsURL: `ws://${address}/ws-fapi/v1` },
  configurationWebsocketStreams: { wsURL: `ws://${address}` },
});
const sdk = client('KEY', 'SECRET');
const rest = sdk.restAPI;
const call = async (name, params) => (await (await rest[name](params)).data());

let bid, ask;
await check('public questions', async () => {
  const info = await call('exchangeInformation');
  const rules = info.symbols.find((s) => s.symbol === symbol);
  assert.equal(rules.contractType, 'PERPETUAL');
  assert.ok(rules.filters.some((f) => f.filterType === 'PRICE_FILTER' && f.tickSize === '0.01'));
  const book = await call('orderBook', { symbol, limit: 20 });
  [bid, ask] = [Number(book.bids[0][0]), Number(book.asks[0][0])];
  assert.ok(bid < ask);
  const bars = await call('klineCandlestickData', { symbol, interval: '1h', limit: 50 });
  assert.equal(bars.length, 50);
  assert.equal(bars[0].length, 12);
  assert.ok(Number((await call('checkServerTime')).serverTime) > 0);
  assert.ok(Number((await call('markPrice', { symbol })).markPrice) > 0);
  assert.equal((await call('ticker24hrPriceChangeStatistics', { symbol })).symbol, symbol);
  assert.ok(Number((await call('symbolOrderBookTicker', { symbol })).bidPrice) > 0);
  assert.ok(Number((await call('symbolPriceTickerV2', { symbol })).price) > 0);
  await call('compressedAggregateTradesList', { symbol, limit: 10 });
  await call('recentTradesList', { symbol, limit: 10 });
  await call('getFundingRateHistory', { symbol, limit: 5 });
  await call('getFundingRateInfo');
  assert.equal((await call('markPriceKlineCandlestickData', { symbol, interval: '1h', limit: 5 })).length, 5);
  await call('openInterest', { symbol });
  for (const method of ['openInterestStatistics', 'longShortRatio', 'topTraderLongShortRatioAccounts', 'topTraderLongShortRatioPositions'])
    assert.ok(Array.isArray(await call(method, { symbol, period: '5m' })), method);
  assert.equal((await call('basis', { pair: symbol, contractType: 'PERPETUAL', period: '5m', limit: 2 })).length, 2);
  assert.equal((await call('assetIndex', { symbol: 'USDTUSD' })).bidRate, '0.99990000');
  assert.equal((await call('queryIndexPriceConstituents', { symbol })).constituents.length, 1);
  assert.deepEqual(await call('quarterlyContractSettlementPrice', { pair: symbol }), []);
  assert.equal((await call('adlRisk', { symbol })).adlRisk, 'low');
  assert.deepEqual((await call('tradingSchedule')).marketSchedules, {});
});

await check('the account', async () => {
  const balance = (await call('futuresAccountBalanceV3')).find((row) => row.asset === 'USDT');
  assert.equal(Number(balance.balance), 10000);
  assert.equal(Number(balance.availableBalance), 10000);
  assert.equal(Number((await call('accountInformationV3')).totalWalletBalance), 10000);
  await call('accountInformationV2');
  assert.equal((await call('futuresAccountConfiguration')).canTrade, true);
  assert.equal(Number((await call('changeInitialLeverage', { symbol, leverage: 10 })).leverage), 10);
  assert.equal(Number((await call('symbolConfiguration', { symbol }))[0].leverage), 10);
  assert.equal((await call('getCurrentPositionMode')).dualSidePosition, false);
  assert.equal((await call('getCurrentMultiAssetsMode')).multiAssetsMargin, false);
  await call('changeMultiAssetsMode', { multiAssetsMargin: 'true' });
  assert.equal(Number((await call('accountInformationV3')).totalMarginBalance), 9999); // 10,000 USDT at 0.9999
  await call('changeMultiAssetsMode', { multiAssetsMargin: 'false' });
  assert.equal((await call('userCommissionRate', { symbol })).takerCommissionRate, '0.000500');
  assert.ok((await call('notionalAndLeverageBrackets', { symbol }))[0].brackets.length > 5);
  assert.deepEqual(await call('positionInformationV3', { symbol }), []);
});

const events = inbox();
const market = inbox();
let streams;
await check('streams', async () => {
  const { listenKey } = await call('startUserDataStream');
  assert.ok(listenKey.length > 10);
  streams = await within('connect', sdk.websocketStreams.connect());
  streams.userData(listenKey).on('message', events.put);
  streams.individualSymbolBookTickerStreams({ symbol }).on('message', market.put);
  streams.klineCandlestickStreams({ symbol, interval: '1m' }).on('message', market.put);
  streams.markPriceStream({ symbol, updateSpeed: '1s' }).on('message', market.put);
  streams.aggregateTradeStreams({ symbol }).on('message', market.put);
  streams.diffBookDepthStreams({ symbol, updateSpeed: '100ms' }).on('message', market.put);
  for (const kind of ['bookTicker', 'kline', 'markPriceUpdate', 'aggTrade', 'depthUpdate']) await market.find(kind, (e) => e.e === kind && (e.s === symbol));
  await call('keepaliveUserDataStream');
});
const told = (id, status) => events.find(`order ${id} ${status}`, (e) => e.e === 'ORDER_TRADE_UPDATE' && String(e.o.i) === String(id) && e.o.X === status);

await check('a limit order rests, is changed, found and cancelled', async () => {
  const order = await call('newOrder', { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97), newClientOrderId: 'sdk-1' });
  assert.equal(order.status, 'NEW');
  assert.equal(order.clientOrderId, 'sdk-1');
  await told(order.orderId, 'NEW');
  const changed = await call('modifyOrder', { symbol, orderId: order.orderId, side: 'BUY', quantity: 0.06, price: Math.floor(bid * 0.96) });
  assert.equal(Number(changed.origQty), 0.06);
  assert.equal((await call('currentAllOpenOrders', { symbol })).length, 1);
  assert.equal(Number((await call('queryOrder', { symbol, origClientOrderId: 'sdk-1' })).price), Math.floor(bid * 0.96));
  assert.equal((await call('queryCurrentOpenOrder', { symbol, orderId: order.orderId })).orderId.toString(), order.orderId.toString());
  assert.equal((await call('cancelOrder', { symbol, orderId: order.orderId })).status, 'CANCELED');
  await told(order.orderId, 'CANCELED');
});

await check('a market order makes a position', async () => {
  const order = await call('newOrder', { symbol, side: 'BUY', type: 'MARKET', quantity: 0.1, newOrderRespType: 'RESULT' });
  assert.equal(order.status, 'FILLED');
  assert.equal(Number(order.executedQty), 0.1);
  const event = await told(order.orderId, 'FILLED');
  assert.equal(event.o.x, 'TRADE');
  await events.find('ACCOUNT_UPDATE', (e) => e.e === 'ACCOUNT_UPDATE' && e.a.P.some((p) => p.s === symbol && Number(p.pa) === 0.1));
  const [position] = await call('positionInformationV3', { symbol });
  assert.equal(Number(position.positionAmt), 0.1);
  assert.equal((await call('positionInformationV2', { symbol })).length, 1);
  assert.equal((await call('accountTradeList', { symbol })).length, 1);
  assert.ok((await call('allOrders', { symbol })).length >= 2);
  assert.ok((await call('getIncomeHistory', { symbol })).some((row) => row.incomeType === 'COMMISSION'));
});

await check('conditional orders', async () => {
  const stop = await call('newAlgoOrder', { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', quantity: 0.1, triggerPrice: Math.floor(bid * 0.9), reduceOnly: 'true', clientAlgoId: 'stop-1' });
  assert.equal(stop.algoStatus, 'NEW');
  await events.find('ALGO_UPDATE', (e) => e.e === 'ALGO_UPDATE' && e.o.caid === 'stop-1' && e.o.X === 'NEW');
  const take = await call('newAlgoOrder', { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'TAKE_PROFIT_MARKET', triggerPrice: Math.ceil(ask * 1.2), closePosition: 'true' });
  assert.equal((await call('currentAllAlgoOpenOrders', { symbol })).length, 2);
  assert.equal((await call('queryAlgoOrder', { clientAlgoId: 'stop-1' })).algoId.toString(), stop.algoId.toString());
  await call('cancelAlgoOrder', { algoId: take.algoId });
  await call('cancelAllAlgoOpenOrders', { symbol });
  assert.equal((await call('currentAllAlgoOpenOrders', { symbol })).length, 0);
  assert.ok((await call('queryAllAlgoOrders', { symbol })).length >= 2);
});

await check('batches', async () => {
  const one = (price) => ({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.05', price: String(price) });
  const placed = await call('placeMultipleOrders', { batchOrders: [one(Math.floor(bid * 0.95)), one(1000.001), one(Math.floor(bid * 0.94))] });
  assert.equal(placed[1].code, -1111);
  assert.equal(placed[0].status, 'NEW');
  const gone = await call('cancelMultipleOrders', { symbol, orderIdList: [placed[0].orderId] });
  assert.equal(gone[0].status, 'CANCELED');
  assert.equal(Number((await call('cancelAllOpenOrders', { symbol })).code), 200);
  assert.equal((await call('currentAllOpenOrders', { symbol })).length, 0);
  await call('autoCancelAllOpenOrders', { symbol, countdownTime: 0 });
  await call('testOrder', one(Math.floor(bid * 0.95)));
});

await check('orders over the socket API', async () => {
  const ws = await within('connect', sdk.websocketAPI.connect());
  const ask_ = async (name, params) => (await within(name, ws[name](params))).data;
  const order = await ask_('newOrder', { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97) });
  assert.equal(order.status, 'NEW');
  assert.equal((await ask_('queryOrder', { symbol, orderId: order.orderId })).status, 'NEW');
  assert.equal(Number((await ask_('modifyOrder', { symbol, orderId: order.orderId, side: 'BUY', quantity: 0.07, price: Math.floor(bid * 0.96) })).origQty), 0.07);
  assert.equal((await ask_('cancelOrder', { symbol, orderId: order.orderId })).status, 'CANCELED');
  const stop = await ask_('newAlgoOrder', { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', quantity: 0.1, triggerPrice: Math.floor(bid * 0.9) });
  await ask_('cancelAlgoOrder', { algoId: stop.algoId });
  assert.equal(Number((await ask_('positionInformationV2', { symbol }))[0].positionAmt), 0.1);
  assert.ok(Number((await ask_('futuresAccountBalanceV2', {})).find((row) => row.asset === 'USDT').balance) < 10000);
  await ask_('accountInformationV2', {});
  assert.ok((await ask_('orderBook', { symbol, limit: 5 })).bids.length === 5);
  assert.ok(Number((await ask_('symbolPriceTicker', { symbol })).price) > 0);
  assert.ok(Number((await ask_('symbolOrderBookTicker', { symbol })).askPrice) > 0);
  assert.ok((await ask_('startUserDataStream', {})).listenKey.length > 10);
  await assert.rejects(ask_('cancelOrder', { symbol, orderId: 123456789 }), (error) => /-2011|Unknown order/.test(JSON.stringify(error) + String(error.message ?? error)));
  await ws.disconnect();
});

await check('the position is closed', async () => {
  const order = await call('newOrder', { symbol, side: 'SELL', type: 'MARKET', quantity: 0.1, reduceOnly: 'true', newOrderRespType: 'RESULT' });
  assert.equal(order.status, 'FILLED');
  assert.deepEqual(await call('positionInformationV3', { symbol }), []);
});

await check('errors', async () => {
  const fails = (text, promise) => assert.rejects(promise, (error) => (error instanceof BadRequestError && text.test(error.message)) || assert.fail(`${error.name}: ${error.message}`));
  const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.05, price: Math.floor(bid * 0.97) };
  await fails(/Margin is insufficient/, call('newOrder', { ...limit, quantity: 1000 }));
  await fails(/Unknown order sent/, call('cancelOrder', { symbol, orderId: 123456789 }));
  await fails(/Order does not exist/, call('queryOrder', { symbol, orderId: 123456789 }));
  await fails(/notional must be no smaller/, call('newOrder', { ...limit, quantity: 0.001 }));
  await fails(/Precision is over/, call('newOrder', { ...limit, price: 1000.001 }));
  await fails(/immediately trigger/, call('newAlgoOrder', { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', quantity: 0.1, triggerPrice: Math.ceil(ask * 1.1) }));
  await fails(/ReduceOnly Order is rejected/, call('newOrder', { symbol, side: 'SELL', type: 'MARKET', quantity: 0.1, reduceOnly: 'true' }));
  await fails(/Invalid symbol/, call('orderBook', { symbol: 'NOSUCH' }));
  await assert.rejects(client('KEY', 'WRONG').restAPI.futuresAccountBalanceV3(), /Signature/);
  await assert.rejects(client('NOBODY', 'SECRET').restAPI.futuresAccountBalanceV3(), /API-key/i);
});
await call('closeUserDataStream');
done('@binance/derivatives-trading-usds-futures');
