// binance_api_node.mjs: the npm client `binance-api-node` trades a day of futures and one of spot against `patriot exchange`.
// node binance_api_node.mjs ADDRESS SPOT-ADDRESS FOLDER-OF-NODE_MODULES FILE: what it was told goes to FILE, for day_exact.py.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { check, done, inbox, within } from './checks.mjs';
const [address, spotAddress, folder, file] = process.argv.slice(2);
const Binance = createRequire(folder + '/')('binance-api-node').default;
const [BTC, BNB, ETH] = ['BTCUSDT', 'BNBUSDT', 'ETHUSDT'];
const client = Binance({
  apiKey: 'KEY', apiSecret: 'SECRET', httpBase: `http://${spotAddress}`, httpFutures: `http://${address}`, wsBase: `ws://${spotAddress}/ws`, wsApi: `ws://${spotAddress}/ws-api/v3`,
  wsFuturesPublic: `ws://${address}/public/ws`, wsFuturesMarket: `ws://${address}/market/ws`, wsFuturesPrivate: `ws://${address}/private/ws`,
});
const fails = (promise, code) => assert.rejects(promise, (error) => error.code === code);
const told = { futures: { streamed: {} }, spot: { streamed: {}, start: { USDT: 10000, ETH: 1, BTC: 1, BNB: 2 } } };

// Each stream brings something; what it brings of other streams is its own matter.
const streams = async (all) => {
  for (const [name, open] of Object.entries(all)) await within(`stream ${name}`, new Promise((found) => { open(found); }));
};

const events = inbox();
const onFutures = (event) => {
  for (const row of event.eventType === 'ACCOUNT_UPDATE' ? event.balances : []) told.futures.streamed[row.asset] = row.walletBalance;
  events.put(event);
};
const onSpot = (event) => {
  for (const row of event.eventType === 'outboundAccountPosition' ? event.balances : []) told.spot.streamed[row.asset] = [row.free, row.locked];
  events.put(event);
};

await check('futures: streams', () => streams({
  depth: (found) => client.ws.futuresDepth(BTC, found), partial: (found) => client.ws.futuresPartialDepth({ symbol: BTC, level: 5 }, found),
  candles: (found) => client.ws.futuresCandles(BTC, '1m', found), trades: (found) => client.ws.futuresAggTrades(BTC, found),
  ticker: (found) => client.ws.futuresTicker(BTC, found), tickers: (found) => client.ws.futuresAllTickers(found), marks: (found) => client.ws.futuresAllMarkPrices({ updateSpeed: '1s' }, found),
}));
await client.ws.futuresUser(onFutures);
await check('futures: settings', async () => {
  await client.futuresLeverage({ symbol: BTC, leverage: 10 });
  await client.futuresMarginType({ symbol: BNB, marginType: 'ISOLATED' });
  await fails(client.futuresMarginType({ symbol: BNB, marginType: 'ISOLATED' }), -4046);
  await fails(client.futuresPositionModeChange({ dualSidePosition: 'false' }), -4059);
});
await check('futures: orders', async () => {
  const market = await client.futuresOrder({ symbol: BTC, side: 'BUY', type: 'MARKET', quantity: '0.031', newOrderRespType: 'RESULT' });
  assert.equal(market.status, 'FILLED');
  await events.find('the short event of the trade', (event) => event.type === 'TRADE_LITE' || event.eventType === 'TRADE_LITE');
  const limit = await client.futuresOrder({ symbol: BTC, side: 'BUY', type: 'LIMIT', quantity: '0.01', price: '30000', timeInForce: 'GTC' });
  await client.futuresUpdateOrder({ symbol: BTC, side: 'BUY', orderId: limit.orderId, quantity: '0.02', price: '30100' });
  assert.equal((await client.futuresGetOrder({ symbol: BTC, orderId: limit.orderId })).origQty, '0.020');
  await client.futuresCancelOrder({ symbol: BTC, orderId: limit.orderId });
  await fails(client.futuresCancelOrder({ symbol: BTC, orderId: limit.orderId }), -2011);
  await fails(client.futuresOrder({ symbol: BTC, side: 'BUY', type: 'MARKET', quantity: '5' }), -2019);
  const two = ['29000', '29100'].map((price) => ({ symbol: BTC, side: 'BUY', type: 'LIMIT', quantity: '0.01', price, timeInForce: 'GTC' }));
  await client.futuresBatchOrders({ batchOrders: JSON.stringify(two) });
  assert.equal((await client.futuresOpenOrders({ symbol: BTC })).length, 2);
  await client.futuresCancelAllOpenOrders({ symbol: BTC });
});
await check('futures: conditional orders, which the client sends to their own endpoint', async () => {
  const stop = await client.futuresOrder({ symbol: BTC, side: 'SELL', type: 'STOP_MARKET', stopPrice: '30000', quantity: '0.01' });
  await client.futuresOrder({ symbol: BTC, side: 'SELL', type: 'TRAILING_STOP_MARKET', callbackRate: '5', activationPrice: '70000', quantity: '0.01' });
  assert.equal((await client.futuresGetOpenAlgoOrders({})).length, 2);
  await client.futuresCancelAlgoOrder({ algoId: stop.algoId });
  await client.futuresCancelAllAlgoOpenOrders({ symbol: BTC });
});
await check('futures: an isolated position, a funding, a part closed', async () => {
  await client.futuresOrder({ symbol: BNB, side: 'SELL', type: 'MARKET', quantity: '1.5' });
  await client.futuresPositionMargin({ symbol: BNB, amount: '3', type: 1 });
  await events.find('funding', (event) => event.eventReasonType === 'FUNDING_FEE', 30000);
  const last = await client.futuresOrder({ symbol: BTC, side: 'SELL', type: 'MARKET', quantity: '0.02', reduceOnly: 'true' });
  await events.find('the last fill', (event) => event.orderId === last.orderId && event.orderStatus === 'FILLED');
});

await check('spot: streams', () => streams({
  depth: (found) => client.ws.depth(ETH, found), partial: (found) => client.ws.partialDepth({ symbol: ETH, level: 5 }, found), trades: (found) => client.ws.trades(ETH, found),
  aggregated: (found) => client.ws.aggTrades(ETH, found), candles: (found) => client.ws.candles(ETH, '1m', found), ticker: (found) => client.ws.ticker(ETH, found),
}));
await client.ws.user(onSpot);
await check('spot: orders', async () => {
  await client.order({ symbol: ETH, side: 'BUY', type: 'MARKET', quoteOrderQty: '700' });
  const limit = await client.order({ symbol: ETH, side: 'SELL', type: 'LIMIT', quantity: '0.2', price: '4300' });
  await client.orderOco({ symbol: ETH, side: 'SELL', quantity: '0.1', price: '4300', stopPrice: '2000', stopLimitPrice: '1990' });
  await client.order({ symbol: ETH, side: 'SELL', type: 'STOP_LOSS_LIMIT', quantity: '0.1', price: '2000', stopPrice: '2010', timeInForce: 'GTC' });
  assert.equal((await client.openOrders({ symbol: ETH })).length, 4);
  await client.cancelOpenOrders({ symbol: ETH });
  await fails(client.cancelOrder({ symbol: ETH, orderId: limit.orderId }), -2011);
  await fails(client.order({ symbol: ETH, side: 'BUY', type: 'LIMIT', quantity: '100', price: '3000' }), -2010);
  await fails(client.order({ symbol: ETH, side: 'BUY', type: 'LIMIT', quantity: '0.00001', price: '3000' }), -1013);
  await client.order({ symbol: ETH, side: 'SELL', type: 'MARKET', quantity: '0.1' });
  await client.order({ symbol: ETH, side: 'SELL', type: 'MARKET', quantity: '0.05' });
  const last = await client.order({ symbol: BTC, side: 'SELL', type: 'MARKET', quantity: '0.0123' });
  await events.find('the last fill', (event) => event.orderId === last.orderId && event.orderStatus === 'FILLED');
});

const rows = async (ask, symbols) => (await Promise.all(symbols.map((symbol) => ask({ symbol })))).flat();
told.futures.trades = await rows(client.futuresUserTrades, [BTC, BNB]);
told.futures.income = await client.futuresIncome({ limit: 1000 });
told.futures.balance = Object.fromEntries((await client.futuresAccountBalance()).map((row) => [row.asset, row.balance]));
told.futures.positions = Object.fromEntries((await client.futuresPositionRisk()).map((row) => [`${row.symbol}:${row.positionSide}`, row.positionAmt]));
told.spot.trades = await rows(client.myTrades, [ETH, BTC]);
told.spot.balances = Object.fromEntries((await client.accountInfo()).balances.map((row) => [row.asset, [row.free, row.locked]]));
writeFileSync(file, JSON.stringify(told));
done('binance-api-node');
